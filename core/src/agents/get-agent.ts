import type { Agent } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { presentAgent } from "./present.ts";
import { loadAgent } from "./queries.ts";

/** One agent with its last sign of life. Throws NotFoundError. */
export const getAgent = async (ctx: ProjectContext, agentId: string): Promise<Agent> => {
	await authorize(ctx, "agents:read");
	const { agent, lastSeenAt } = await loadAgent(ctx, agentId);
	return presentAgent(agent, lastSeenAt);
};
