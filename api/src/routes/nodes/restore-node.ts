import { restoreNode as restore } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const restoreNode = procedure.nodes.restoreNode.handler(({ context, input }) =>
	restore(inProject(context, input.params), input.params.nodeId),
);
