import { integrationListeners, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import type { Hold } from "./claim-listeners.ts";
import { isHeld } from "./held.ts";

/** Writes that the line is up (null), or what is wrong with it while it is being mended. Who doesn't listen any more has no say. */
export const reportListening = (ctx: ProjectContext, hold: Hold, problem: string | null): Promise<void> =>
	inTransaction(ctx, async (tx) => {
		const state = problem === null ? "listening" : "reconnecting";
		const [changed] = await tx.db
			.update(integrationListeners)
			.set({
				state,
				since: sql`case when state = ${state} then since else now() end`,
				problem,
				remedy: null,
				updatedAt: sql`now()`,
			})
			.where(isHeld(hold))
			.returning({ begins: sql<boolean>`old.state <> new.state` });
		// Pages hear of what is new; a problem in other words is none.
		if (!changed?.begins) return;
		if (problem === null) emit(tx, { type: "integration.listening.started", subjectId: hold.integrationId });
		else emit(tx, { type: "integration.listening.interrupted", subjectId: hold.integrationId, data: { problem } });
	});
