import type { Agent } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { presentAgent } from "./present.ts";
import { loadAgent } from "./queries.ts";

/** One agent with its last sign of life. Throws NotFoundError. */
export const getAgent = async (ctx: ProjectContext, agentId: string): Promise<Agent> => {
	await authorize(ctx, "agents:read");
	return presentAgent(await loadAgent(ctx, agentId));
};
