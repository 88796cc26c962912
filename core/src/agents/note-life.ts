import { agentHeartbeats, and, eq, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { setTimers } from "../timers.ts";
import { missedBeats } from "./presence.ts";

/**
 * Notes that an agent is there, and how often it will beat if it says so; one that was gone has returned. Authorizes nothing: callers
 * have done so.
 */
export const noteLife = async (tx: Tx<ProjectContext>, agentId: string, intervalSeconds: number | null): Promise<void> => {
	const [before] = await tx.db
		.select({ goneAt: agentHeartbeats.goneAt })
		.from(agentHeartbeats)
		.where(and(eq(agentHeartbeats.projectId, tx.projectId), eq(agentHeartbeats.agentId, agentId)))
		.for("no key update");
	const [row] = await tx.db
		.insert(agentHeartbeats)
		.values({ projectId: tx.projectId, agentId, lastSeenAt: sql`now()`, intervalSeconds })
		.onConflictDoUpdate({
			target: [agentHeartbeats.projectId, agentHeartbeats.agentId],
			set: {
				lastSeenAt: sql`greatest(${agentHeartbeats.lastSeenAt}, now())`,
				intervalSeconds: sql`coalesce(excluded.interval_seconds, ${agentHeartbeats.intervalSeconds})`,
				goneAt: null,
			},
		})
		.returning({ promised: agentHeartbeats.intervalSeconds });
	// Otherwise its timer stands, and looks for itself when it was heard of last.
	if (row?.promised && (intervalSeconds !== null || before?.goneAt))
		setTimers(tx, { type: "agent.absence.due", subjectId: agentId, dueInMs: missedBeats * row.promised * 1000 });
	if (before?.goneAt) emit(tx, { type: "agent.returned", subjectId: agentId });
};
