import type { Agent } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { presentAgent } from "./present.ts";
import { selectAgents } from "./queries.ts";

/** The project's agents by name, each with its last sign of life. */
export const listAgents = async (ctx: ProjectContext): Promise<{ items: Agent[] }> => {
	await authorize(ctx, "agents:read");
	const rows = await selectAgents(ctx);
	return { items: rows.map(presentAgent) };
};
