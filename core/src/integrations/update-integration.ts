import type { Adapter, Integration, UpdateIntegrationInput } from "@agentplanner/contracts";
import { and, eq, messagingIntegrations, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { closedBreaker, forgetProbe } from "../deliveries/breaker.ts";
import { emit } from "../emit.ts";
import { assertVersion, lostRace } from "../version.ts";
import { changePolicy } from "./change-policy.ts";
import { parseConfig } from "./parse-config.ts";
import { presentIntegration } from "./present.ts";
import { isIntegration, loadIntegration, refuseDuplicate, releaseDeliveries } from "./queries.ts";

/**
 * Changes name, settings (as a whole), secrets (those given; null removes one, the others stay) or the delivery policy (what is given of it); without any it changes nothing. New settings or
 * secrets end a hold for refused credentials. Throws NotFoundError, ForbiddenError below admin, UnprocessableError for what the
 * adapter refuses, ConflictError for a name or platform account that is taken, and PreconditionFailedError when the integration is no
 * longer at `expectedVersion` (null: whatever it is at; then ConflictError when it is changed at the same moment).
 */
export const updateIntegration = async (
	ctx: ProjectContext,
	integrationId: string,
	input: UpdateIntegrationInput,
	adapter: Adapter,
	expectedVersion: number | null,
): Promise<Integration> => {
	await authorize(ctx, "integrations:write");
	return inTransaction(ctx, async (tx) => {
		const integration = await loadIntegration(tx, integrationId);
		assertVersion(integration.version, expectedVersion);
		const reconfigured = input.settings !== undefined || input.secrets !== undefined;
		const { delivery_policy: policy } = input;
		if (!reconfigured && input.name === undefined && policy === undefined) return presentIntegration(integration);
		const restarts = reconfigured && integration.breakerOpenedAt !== null;
		if (reconfigured && integration.enabled && (integration.unauthorizedSince || restarts)) await releaseDeliveries(tx, integrationId);
		const rate = policy?.per_second;
		const hasOtherRate = rate !== undefined && rate !== integration.deliveryPolicy?.per_second;
		// Their moments were reserved at the old one.
		if (hasOtherRate) await releaseDeliveries(tx, integrationId, { reserved: true });
		if (restarts) forgetProbe(tx, integrationId);
		const [updated] = await tx.db
			.update(messagingIntegrations)
			.set({
				name: input.name,
				...(restarts ? closedBreaker : {}),
				...(hasOtherRate ? { nextFreeAt: null } : {}),
				...(policy ? { deliveryPolicy: changePolicy(integration.deliveryPolicy, policy) } : {}),
				...(reconfigured ? reconfigure(ctx, integration, input, adapter) : {}),
				version: integration.version + 1,
				updatedAt: sql`now()`,
			})
			.where(and(isIntegration(tx, integrationId), eq(messagingIntegrations.version, integration.version)))
			.returning()
			.catch(refuseDuplicate);
		if (!updated) throw lostRace("integration", expectedVersion);
		const fields = Object.entries(input).flatMap(([name, value]) => (value === undefined ? [] : [name]));
		emit(tx, { type: "integration.updated", subjectId: integrationId, data: { version: updated.version, fields } });
		const open = fields.filter((name) => name !== "secrets");
		if (open.length > 0) await audit(tx, { type: "integration.updated", subjectId: integrationId, data: { fields: open } });
		if (input.secrets)
			await audit(tx, { type: "integration.secrets.changed", subjectId: integrationId, data: { secrets: Object.keys(input.secrets) } });
		return presentIntegration(updated);
	});
};

type Row = typeof messagingIntegrations.$inferSelect;

/** The columns that follow from new settings or secrets; what was known of the old ones' health no longer counts. */
const reconfigure = (ctx: ProjectContext, row: Row, input: UpdateIntegrationInput, adapter: Adapter): Partial<Row> => {
	const old = JSON.parse(ctx.keys.open(row.credentials, row.id)) as Record<string, string>;
	const { settings, secrets, externalAccount, listens } = parseConfig(adapter, {
		settings: input.settings ?? row.settings,
		secrets: Object.fromEntries(
			Object.entries({ ...old, ...input.secrets }).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
		),
	});
	return {
		settings,
		credentials: ctx.keys.seal(JSON.stringify(secrets), row.id),
		secretNames: Object.keys(secrets),
		externalAccount,
		listens,
		health: "unknown",
		healthReport: null,
		...(row.unauthorizedSince ? { heldUntil: null, heldReason: null, unauthorizedSince: null } : {}),
	};
};
