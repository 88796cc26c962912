import { deleteNodes as remove } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const deleteNodes = procedure.nodes.deleteNodes.handler(({ context, input }) =>
	remove(inProject(context, input.params), input.params.planId, input.body),
);
