import { getAgent as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getAgent = procedure.agents.getAgent.handler(async ({ context, input }) => {
	const agent = await get(inProject(context, input.params), input.params.agentId);
	context.reply.version(agent.version);
	return agent;
});
