import { getNextTask as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getNextTask = procedure.dependencies.getNextTask.handler(({ context, input }) =>
	get(inProject(context, input.params), null, input.query),
);
