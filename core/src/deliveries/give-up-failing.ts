import { and, eq, isNull, messagingIntegrations, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { causedBy, disableBrokenIntegration, type SentTo } from "./hold-integration.ts";

const warnAfter = sql`interval '1 day'`;
const giveUpAfter = sql`interval '5 days'`;
/** One that is sent something twice a week has not been given a chance yet. */
const fewestFailures = 10;

/** What of an integration's row says so. */
export const notFailing = { failingSince: null, failures: 0, warnedAt: null };

/** How the integration will stand if one more attempt fails; read with the delivery. */
export const failing = {
	since: messagingIntegrations.failingSince,
	hopeless: sql<boolean>`(coalesce(failing_since < now() - ${giveUpAfter}, false) and failures + 1 >= ${fewestFailures})`,
	worrying: sql<boolean>`(coalesce(failing_since < now() - ${warnAfter}, false) and warned_at is null)`,
};
type Failing = { since: Date | null; hopeless: boolean; worrying: boolean };

/**
 * Notes that an attempt at the integration has failed. Where nothing has got through for a day people are warned, once; after five days
 * and ten attempts it is disabled.
 */
export const countFailure = async (
	tx: Tx<ProjectContext>,
	{ failing: { since, hopeless, worrying }, ...sentTo }: SentTo & { failing: Failing },
	detail: string,
): Promise<void> => {
	// Nobody has to wait for it: what follows goes to the server behind it.
	tx.db
		.update(messagingIntegrations)
		.set({ failingSince: sql`coalesce(failing_since, now())`, failures: sql`failures + 1` })
		.where(eq(messagingIntegrations.id, sentTo.integrationId))
		.execute()
		.catch(() => {});
	if (hopeless) await disableBrokenIntegration(tx, sentTo, `Nothing has got through for five days. ${detail}`);
	else if (worrying && since) await warn(tx, sentTo, { since, detail });
};

const warn = async (tx: Tx<ProjectContext>, sentTo: SentTo, { since, detail }: { since: Date; detail: string }) => {
	const { integrationId } = sentTo;
	const warned = await tx.db
		.update(messagingIntegrations)
		.set({ warnedAt: sql`now()` })
		.where(and(eq(messagingIntegrations.id, integrationId), isNull(messagingIntegrations.warnedAt)))
		.returning({ id: messagingIntegrations.id });
	if (warned.length > 0)
		emit(tx, {
			type: "integration.failing",
			subjectId: integrationId,
			data: { since: since.toISOString(), reason: detail, ...causedBy(sentTo) },
		});
};
