import { listAssignments as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listAssignments = procedure.assignments.listAssignments.handler(({ context, input }) =>
	list(inProject(context, input.params), input.query),
);
