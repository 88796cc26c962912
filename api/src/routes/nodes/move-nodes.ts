import { moveNodes as move } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const moveNodes = procedure.nodes.moveNodes.handler(({ context, input }) =>
	move(inProject(context, input.params), input.params.planId, input.body),
);
