import { parseFence, parseIfMatch, setNodeStatus as setStatus } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const setNodeStatus = procedure.plans.setNodeStatus.handler(async ({ context, input }) => {
	const expected = parseIfMatch(input.headers["if-match"]);
	const node = await setStatus(
		inProject(context, input.params),
		input.params.nodeId,
		input.body,
		expected,
		parseFence(input.headers["claim-fence"]),
	);
	context.reply.version(node.version);
	return node;
});
