import type { Scope } from "@agentplanner/contracts";
import { type Database, type Durability, type Transaction, WithCommit } from "@agentplanner/db";
import type { Keys } from "./keys.ts";
import { noPendingWrites, type PendingWrites, pendingStatement } from "./pending-writes.ts";

/**
 * Who acts. `person`: a user who acts on a platform, as whom the account there is linked. `agent`: whoever holds the reply token of one delivery, or the agent's own token. `token`: a script with an API token.
 * `byAccessToken`: a user's script, with a JWT of their session.
 */
export type Actor =
	| { type: "user"; userId: string; sessionId: string; name: string; byAccessToken?: true }
	| { type: "person"; userId: string; name: string; adapter: string; integrationId: string }
	| { type: "agent"; agentId: string | null; agentRequestId: string; deliveryId: string; name: string; tokenId?: string }
	| { type: "token"; tokenId: string; projectId: string; scopes: Scope[]; userId: string | null; agentId: string | null; name: string }
	| { type: "adapter"; adapter: string; integrationId: string }
	| { type: "system"; name: string }
	| { type: "anonymous" };

/** Both the pool and a transaction. */
export type Queries = Database["orm"] | Transaction;

/** What every verb is called with. `requestId` is the HTTP request's id, `traceId` the W3C trace id. */
export type Context = {
	db: Queries;
	actor: Actor;
	requestId: string | null;
	traceId: string | null;
	/** For display and tests; what rows are compared with is the database's own clock. */
	now: () => Date;
	keys: Keys;
	/** What people call the channel of that adapter; its id for one that this build doesn't have. */
	adapterLabel: (adapter: string) => string;
};

export type ProjectContext = Context & { projectId: string };

/** A context inside a transaction: what `emit` and `setTimers` take, so that neither can happen outside of one. */
export type Tx<C extends Context = Context> = Omit<C, "db"> & { db: Transaction; pending: PendingWrites };

const isTx = <C extends Context>(ctx: C | Tx<C>): ctx is Tx<C> => "pending" in ctx;

/**
 * Runs `work` in one transaction and wakes whoever listens once it has committed. Inside another one it joins that,
 * so verbs compose; one that fails there takes the whole transaction along, also where its error is caught.
 */
export const inTransaction = async <C extends Context, T>(
	ctx: C,
	work: (tx: Tx<C>) => T | Promise<T | WithCommit<T>>,
	durability?: Durability,
): Promise<T> => {
	if (isTx(ctx)) return join(ctx, work);
	const pending = noPendingWrites();
	// Outside of a transaction it is the pool's.
	return (ctx.db as Database["orm"]).transaction<T>(
		async (db) => work({ ...ctx, db, pending }),
		() => ({ statement: pendingStatement(pending), wakes: pending.wakes }),
		durability,
	);
};

const join = async <C extends Context, T>(tx: Tx<C>, work: (tx: Tx<C>) => T | Promise<T | WithCommit<T>>): Promise<T> => {
	try {
		const result = await work(tx);
		return result instanceof WithCommit ? await result.promise : result;
	} catch (error) {
		tx.pending.spoilt = true;
		throw error;
	}
};

export const actorName = (actor: Actor): string => {
	switch (actor.type) {
		case "user":
		case "person":
		case "agent":
		case "token":
		case "system":
			return actor.name;
		case "adapter":
			return actor.adapter;
		case "anonymous":
			return "anonymous";
	}
};

/** The user who acts, by whatever way; null for whoever is no user. */
export const userIdOf = (actor: Actor): string | null => ("userId" in actor ? actor.userId : null);

/** The actor as events and the audit log keep it. */
export const recordedActor = (actor: Actor): Record<string, unknown> => {
	if (actor.type !== "token") return actor;
	const { scopes: _, ...kept } = actor;
	return kept;
};
