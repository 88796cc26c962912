import type { Agent, HeartbeatInput } from "@agentplanner/contracts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { authorizeAgent } from "./authorize-agent.ts";
import { noteLife } from "./note-life.ts";
import { presentAgent } from "./present.ts";
import { loadAgent } from "./queries.ts";

/** An agent says that it is there, and how often it will say so. Throws ForbiddenError for anybody but an agent with its own token. */
export const beat = async (ctx: ProjectContext, { interval_seconds }: HeartbeatInput): Promise<Agent> => {
	const agentId = authorizeAgent(ctx);
	return inTransaction(ctx, async (tx) => {
		await noteLife(tx, agentId, interval_seconds);
		return presentAgent(await loadAgent(tx, agentId));
	});
};
