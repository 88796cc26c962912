import type { ListeningStatus } from "@agentplanner/contracts";
import { inArray, integrationListeners, type messagingIntegrations, sql } from "@agentplanner/db";
import type { Context } from "../context.ts";

type Integration = Pick<typeof messagingIntegrations.$inferSelect, "id" | "listens" | "enabled" | "updatedAt">;

/** Until a worker takes what was changed, or what another one gave up, there is a moment without any. */
const momentMs = 5_000;

/** How listening stands at those of the integrations that do. */
export const readListening = async (ctx: Context, integrations: readonly Integration[]): Promise<Map<string, ListeningStatus>> => {
	const listening = integrations.filter(({ listens }) => listens);
	if (listening.length === 0) return new Map();
	const rows = await ctx.db
		.select({
			id: integrationListeners.integrationId,
			state: integrationListeners.state,
			since: integrationListeners.since,
			problem: integrationListeners.problem,
			remedy: integrationListeners.remedy,
			held: sql<boolean>`coalesce(lease_until > now(), false)`,
			nextTryAt: integrationListeners.nextTryAt,
			attended: sql<boolean>`greatest(lease_until, next_try_at, updated_at) > now() - ${momentMs}::double precision * interval '1 millisecond'`,
		})
		.from(integrationListeners)
		.where(
			inArray(
				integrationListeners.integrationId,
				listening.map(({ id }) => id),
			),
		);
	const found = new Map(rows.map((row) => [row.id, row]));
	const isNew = ({ updatedAt }: Integration) => updatedAt.getTime() > ctx.now().getTime() - momentMs;
	return new Map(
		listening.map((integration) => {
			if (!integration.enabled) return [integration.id, silent("off")];
			return [integration.id, statusOf(found.get(integration.id)) ?? silent(isNew(integration) ? "connecting" : "unattended")];
		}),
	);
};

type Row = Pick<typeof integrationListeners.$inferSelect, "state" | "since" | "problem" | "remedy" | "nextTryAt"> & {
	held: boolean;
	attended: boolean;
};

const silent = (state: ListeningStatus["state"]): ListeningStatus => ({
	state,
	since: null,
	problem: null,
	remedy: null,
	next_try_at: null,
});

/** Null where no worker has anything to do with it. */
const statusOf = (row: Row | undefined): ListeningStatus | null => {
	if (!row?.attended) return null;
	const { state, since, problem, remedy, held, nextTryAt } = row;
	return { state, since: since.toISOString(), problem, remedy, next_try_at: held ? null : (nextTryAt?.toISOString() ?? null) };
};
