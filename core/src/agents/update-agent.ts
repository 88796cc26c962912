import type { Agent, UpdateAgentInput } from "@agentplanner/contracts";
import { agents, and, eq, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { assertVersion, lostRace } from "../version.ts";
import { presentAgent } from "./present.ts";
import { loadAgent, refuseDuplicateName } from "./queries.ts";

/**
 * Changes the given fields; without any it changes nothing. Throws NotFoundError, ForbiddenError below editor, ConflictError
 * for a name that is taken, and PreconditionFailedError when the agent is no longer at `expectedVersion` (null: whatever it is at;
 * then ConflictError when it is changed at the same moment).
 */
export const updateAgent = async (
	ctx: ProjectContext,
	agentId: string,
	changes: UpdateAgentInput,
	expectedVersion: number | null,
): Promise<Agent> => {
	await authorize(ctx, "agents:write");
	return inTransaction(ctx, async (tx) => {
		const known = await loadAgent(tx, agentId);
		const { agent } = known;
		assertVersion(agent.version, expectedVersion);
		if (Object.values(changes).every((value) => value === undefined)) return presentAgent(known);
		const [updated] = await tx.db
			.update(agents)
			.set({ ...changes, version: agent.version + 1, updatedAt: sql`now()` })
			.where(and(eq(agents.projectId, ctx.projectId), eq(agents.id, agent.id), eq(agents.version, agent.version)))
			.returning()
			.catch(refuseDuplicateName);
		if (!updated) throw lostRace("agent", expectedVersion);
		emit(tx, { type: "agent.updated", subjectId: agent.id, data: { version: updated.version } });
		return presentAgent({ ...known, agent: updated });
	});
};
