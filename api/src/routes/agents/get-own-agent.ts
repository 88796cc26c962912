import { getOwnAgent as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getOwnAgent = procedure.agents.getOwnAgent.handler(async ({ context, input }) => {
	const agent = await get(inProject(context, input.params));
	context.reply.version(agent.version);
	return agent;
});
