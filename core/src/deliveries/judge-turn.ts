import { eq, messagingIntegrations, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { reasons } from "../reasons.ts";
import { fromNow } from "../timers.ts";
import { beginProbe } from "./breaker.ts";
import type { DeliveryRow } from "./delivery-row.ts";
import { letGo, waitTurn } from "./wait-turn.ts";

/**
 * Whether a locked delivery, due, may be sent now to an integration whose breaker is open or that has a rate limit. `probe`: it alone
 * finds out whether the receiver answers again. `waits`: it was told why and until when, and spends no attempt. The integration is
 * locked until the claim has committed, so of several that come at once each sees what the one before it got.
 */
export const judgeTurn = async (tx: Tx<ProjectContext>, delivery: DeliveryRow, abandoned: boolean): Promise<"free" | "probe" | "waits"> => {
	const [integration] = await tx.db
		.select({
			name: messagingIntegrations.name,
			open: sql<boolean>`breaker_opened_at is not null`,
			probeDue: sql<boolean>`coalesce(breaker_probe_at <= now(), false)`,
			perSecond: sql<number | null>`(delivery_policy ->> 'per_second')::double precision`,
			/** In how many ms the next attempt may begin that nobody has reserved. */
			freeInMs: sql<number>`greatest(extract(epoch from next_free_at - now())::double precision * 1000, 0)`,
		})
		.from(messagingIntegrations)
		.where(eq(messagingIntegrations.id, delivery.integrationId))
		.for("no key update");
	if (!integration) throw new Error(`Integration ${delivery.integrationId} is gone.`);
	const { name, open, probeDue, perSecond } = integration;
	const more = abandoned ? letGo : {};
	if (open) {
		if (!probeDue) {
			await waitTurn(tx, delivery, reasons.breakerOpen(name), { more });
			return "waits";
		}
		await beginProbe(tx, delivery.integrationId);
		return "probe";
	}
	if (perSecond === null) return "free";
	const freeInMs = Number(integration.freeInMs ?? 0);
	await tx.db
		.update(messagingIntegrations)
		.set({ nextFreeAt: fromNow(freeInMs + 1_000 / perSecond) as unknown as Date })
		.where(eq(messagingIntegrations.id, delivery.integrationId));
	if (freeInMs <= 0) return "free";
	await waitTurn(tx, delivery, reasons.tooFast(name), { more, inMs: freeInMs });
	return "waits";
};
