import { integrationListeners, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { type Hold, waitAfter } from "./claim-listeners.ts";
import { isOurs } from "./held.ts";

/** A person is seldom quicker; editing, enabling or testing the integration begins it at once. */
const refusedWait = sql`interval '15 minutes'`;

/** Why a listener ended by itself. `refused`: its credentials; a person must act. `waitMs`: not to begin again before then. */
export type ListenerFailure = { problem: string; remedy: string; refused: boolean; waitMs: number | null };

/** Gives a listener up, so that the next one can begin: at once after a proper stop (null), else when some time has passed. */
export const releaseListener = async (ctx: ProjectContext, hold: Hold, failure: ListenerFailure | null): Promise<void> =>
	failure ? endFailed(ctx, hold, failure) : endStopped(ctx, hold);

const endStopped = async (ctx: ProjectContext, hold: Hold): Promise<void> => {
	await ctx.db
		.update(integrationListeners)
		.set({
			holder: null,
			leaseUntil: null,
			state: "connecting",
			since: sql`now()`,
			problem: null,
			remedy: null,
			failures: sql`greatest(failures - 1, 0)`,
			nextTryAt: null,
			updatedAt: sql`now()`,
		})
		.where(isOurs(hold));
};

const endFailed = (ctx: ProjectContext, hold: Hold, { problem, remedy, refused, waitMs }: ListenerFailure): Promise<void> =>
	inTransaction(ctx, async (tx) => {
		const state = refused ? "refused" : "reconnecting";
		const atLeast = refused ? refusedWait : sql`${waitMs ?? 0}::double precision * interval '1 millisecond'`;
		const [changed] = await tx.db
			.update(integrationListeners)
			.set({
				holder: null,
				leaseUntil: null,
				state,
				since: sql`case when state = ${state} then since else now() end`,
				problem,
				remedy,
				nextTryAt: sql`now() + greatest(${waitAfter(sql`failures`)}, ${atLeast})`,
				updatedAt: sql`now()`,
			})
			.where(isOurs(hold))
			.returning({ begins: sql<boolean>`old.state <> new.state` });
		if (changed?.begins)
			emit(tx, { type: "integration.listening.interrupted", subjectId: hold.integrationId, data: { problem, remedy, refused } });
	});
