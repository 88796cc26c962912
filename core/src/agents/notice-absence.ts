import { agentHeartbeats, and, eq, isNotNull, isNull, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { deleteTimers, setTimers } from "../timers.ts";
import { goneFrom } from "./presence.ts";

/** Says that an agent is gone once it has missed its beats; looks again later if it was heard of meanwhile. */
export const noticeAbsence = (ctx: ProjectContext, agentId: string): Promise<void> =>
	inTransaction(ctx, async (tx) => {
		const isPresent = and(
			eq(agentHeartbeats.projectId, tx.projectId),
			eq(agentHeartbeats.agentId, agentId),
			isNotNull(agentHeartbeats.intervalSeconds),
			isNull(agentHeartbeats.goneAt),
		);
		const [gone] = await tx.db
			.update(agentHeartbeats)
			.set({ goneAt: sql`now()` })
			.where(and(isPresent, sql`${goneFrom} <= now()`))
			.returning({ lastSeenAt: agentHeartbeats.lastSeenAt });
		if (gone) emit(tx, { type: "agent.gone", subjectId: agentId, data: { last_seen_at: gone.lastSeenAt.toISOString() } });
		const [present] = await tx.db
			.select({ goneFrom: sql<Date>`${goneFrom}`.mapWith(agentHeartbeats.lastSeenAt) })
			.from(agentHeartbeats)
			.where(isPresent);
		if (present) setTimers(tx, { type: "agent.absence.due", subjectId: agentId, dueAt: present.goneFrom });
		else deleteTimers(tx, agentId, "agent.absence.due");
	});
