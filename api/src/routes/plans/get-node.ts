import { getNode as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getNode = procedure.plans.getNode.handler(async ({ context, input }) => {
	const node = await get(inProject(context, input.params), input.params.nodeId);
	context.reply.version(node.version);
	return node;
});
