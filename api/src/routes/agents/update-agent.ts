import { parseIfMatch, updateAgent as update } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const updateAgent = procedure.agents.updateAgent.handler(async ({ context, input }) => {
	const expected = parseIfMatch(input.headers["if-match"]);
	const agent = await update(inProject(context, input.params), input.params.agentId, input.body, expected);
	context.reply.version(agent.version);
	return agent;
});
