import { moveNode as move, parseIfMatch } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const moveNode = procedure.plans.moveNode.handler(async ({ context, input }) => {
	const expected = parseIfMatch(input.headers["if-match"]);
	const node = await move(inProject(context, input.params), input.params.nodeId, input.body, expected);
	context.reply.version(node.version);
	return node;
});
