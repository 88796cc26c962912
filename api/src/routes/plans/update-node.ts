import { parseIfMatch, updateNode as update } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const updateNode = procedure.plans.updateNode.handler(async ({ context, input }) => {
	const expected = parseIfMatch(input.headers["if-match"]);
	const node = await update(inProject(context, input.params), input.params.nodeId, input.body, expected);
	context.reply.version(node.version);
	return node;
});
