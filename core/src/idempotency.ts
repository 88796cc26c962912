import { createHash } from "node:crypto";
import { and, eq, idempotencyKeys, withCommit } from "@agentplanner/db";
import { canonicalJson } from "./canonical-json.ts";
import { type Context, inTransaction, type Tx } from "./context.ts";
import { ConflictError, DomainError } from "./errors.ts";

const actorKey = ({ actor }: Context) => {
	switch (actor.type) {
		case "user":
			return `user:${actor.userId}`;
		case "token":
			return `token:${actor.tokenId}`;
		case "agent":
			return `delivery:${actor.deliveryId}`;
		case "adapter":
			return `integration:${actor.integrationId}`;
		default:
			return actor.type;
	}
};

type Once<C extends Context> = {
	key: string | null;
	operation: string;
	input: unknown;
	/** Asked before a kept reply is handed out, as `create` asks by itself: it is for those alone who still might create it. */
	authorize: (tx: Tx<C>) => unknown;
	/** The reply holds what is shown this once: it is not kept, and a repeat is a ConflictError. */
	shownOnce?: true;
};

/**
 * Runs `create` once per key: a repeat with the same input gets the first reply, with another input it is refused (422).
 * Key, reply and what was created commit together, so two at once make one. `key` null: runs plainly.
 */
export const withIdempotency = async <C extends Context & { projectId?: string }, T>(
	ctx: C,
	{ key, operation, input, authorize, shownOnce }: Once<C>,
	create: (ctx: C | Tx<C>) => Promise<T>,
): Promise<T> => {
	if (key === null) return create(ctx);
	const scope = `${ctx.projectId ?? "-"}/${actorKey(ctx)}`;
	const requestHash = createHash("sha256").update(canonicalJson({ operation, input })).digest();
	return inTransaction<C, T>(ctx, async (tx) => {
		// A second one at once waits here until the first has committed or rolled back.
		const [made] = await tx.db
			.insert(idempotencyKeys)
			.values({ scope, key, requestHash })
			.onConflictDoNothing()
			.returning({ id: idempotencyKeys.id });
		if (made) {
			const reply = await create(tx);
			if (shownOnce) return reply;
			const keeping = tx.db
				.update(idempotencyKeys)
				.set({ reply: ctx.keys.seal(JSON.stringify(reply), made.id) })
				.where(eq(idempotencyKeys.id, made.id))
				.execute();
			return withCommit(keeping.then(() => reply));
		}
		const [, [first]] = await Promise.all([
			authorize(tx),
			tx.db
				.select()
				.from(idempotencyKeys)
				.where(and(eq(idempotencyKeys.scope, scope), eq(idempotencyKeys.key, key))),
		]);
		if (!first?.requestHash.equals(requestHash))
			throw new DomainError(
				"idempotency_key_reused",
				"This Idempotency-Key was used for another request before. Use a new key for a new request.",
				{
					fields: [{ field: "headers.idempotency-key", message: "was used with another body" }],
				},
			);
		if (!first.reply)
			throw new ConflictError(
				"This was made already with this Idempotency-Key, and its secret is shown only once. If you don't have it, withdraw this one and make another, with a new key.",
			);
		return JSON.parse(ctx.keys.open(first.reply, first.id)) as T;
	});
};
