import { and, eq, messagingIntegrations, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { fromNow } from "../timers.ts";

const dayMs = 86_400_000;
const probeMs = 60_000;
const longestProbeMs = 900_000;
/** A refusal this long after the last hold was over begins a new day of refusals. */
const refusalsGoOn = sql`interval '30 minutes'`;

/** `subscriptionId`: it was sent an event of that subscription. Events say so, since no subscription is told of what came of that. */
export type SentTo = { integrationId: string; subscriptionId: string | null };
export const causedBy = ({ subscriptionId }: SentTo) => (subscriptionId === null ? {} : { subscription_id: subscriptionId });

type Hold = { unauthorized: boolean; detail: string; waitMs: number | null };

/**
 * Lets an integration rest: nothing of it is sent before the wait is over. With refused credentials it is probed after a minute,
 * then more and more slowly up to 15 minutes, and disabled after a day of it. Answers with the wait in ms, null once it is disabled.
 */
export const holdIntegration = async (
	tx: Tx<ProjectContext>,
	sentTo: SentTo,
	{ unauthorized, detail, waitMs }: Hold,
): Promise<{ waitMs: number | null }> => {
	const { integrationId } = sentTo;
	const [integration] = await tx.db
		.select({
			// A hold that ended long ago means that nothing was refused since: the day counts anew.
			since: sql<number | null>`case when coalesce(${messagingIntegrations.heldUntil}, now()) > now() - ${refusalsGoOn}
				then extract(epoch from now() - ${messagingIntegrations.unauthorizedSince}) * 1000 end`,
		})
		.from(messagingIntegrations)
		.where(eq(messagingIntegrations.id, integrationId))
		.for("no key update");
	const since = integration?.since ?? null;
	const sinceMs = Number(since ?? 0);
	if (unauthorized && sinceMs > dayMs) {
		await disableBrokenIntegration(tx, sentTo, `Its credentials have been refused for a day. ${detail}`);
		return { waitMs: null };
	}
	const wait = waitMs ?? Math.min(Math.max(probeMs, sinceMs), longestProbeMs);
	await tx.db
		.update(messagingIntegrations)
		.set({
			// Of two refusals at once the more patient one stands.
			heldUntil: sql`greatest(${messagingIntegrations.heldUntil}, ${fromNow(wait)})`,
			heldReason: detail,
			updatedAt: sql`now()`,
			...(unauthorized ? { health: "unauthorized" as const, unauthorizedSince: since === null ? sql`now()` : undefined } : {}),
		})
		.where(eq(messagingIntegrations.id, integrationId));
	emit(tx, { type: "integration.held", subjectId: integrationId, data: { unauthorized, wait_ms: wait, ...causedBy(sentTo) } });
	return { waitMs: wait };
};

/** What can't work any more is switched off, with the reason; a person switches it on again. Its deliveries stay where they are. */
export const disableBrokenIntegration = async (tx: Tx<ProjectContext>, sentTo: SentTo, reason: string): Promise<void> => {
	const { integrationId } = sentTo;
	const disabled = await tx.db
		.update(messagingIntegrations)
		.set({ enabled: false, disabledReason: reason, health: "failing", updatedAt: sql`now()` })
		.where(and(eq(messagingIntegrations.id, integrationId), eq(messagingIntegrations.enabled, true)))
		.returning({ id: messagingIntegrations.id });
	if (disabled.length === 0) return;
	emit(tx, { type: "integration.disabled", subjectId: integrationId, data: { reason, ...causedBy(sentTo) } });
};
