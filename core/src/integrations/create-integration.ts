import { type Adapter, type CreatedIntegration, type CreateIntegrationInput, defaultDeliveryPolicy } from "@agentplanner/contracts";
import { messagingIntegrations } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { newId } from "../new-id.ts";
import { changePolicy } from "./change-policy.ts";
import { parseConfig } from "./parse-config.ts";
import { presentIntegration } from "./present.ts";
import { refuseDuplicate } from "./queries.ts";

/**
 * Connects a channel. Secrets that are left out and that the adapter can make are made and returned this once. Throws
 * ForbiddenError below admin, UnprocessableError for settings or secrets that the adapter refuses, and ConflictError for a name
 * or a platform account that is taken.
 */
export const createIntegration = async (
	ctx: ProjectContext,
	input: CreateIntegrationInput,
	adapter: Adapter,
): Promise<CreatedIntegration> => {
	await authorize(ctx, "integrations:write");
	return inTransaction(ctx, (tx) => addIntegration(tx, input, adapter));
};

/** The same for a verb that has authorized it. */
export const addIntegration = async (
	tx: Tx<ProjectContext>,
	input: CreateIntegrationInput,
	adapter: Adapter,
): Promise<CreatedIntegration> => {
	const made = Object.entries(adapter.createSecrets?.() ?? {}).filter(([name]) => !(name in input.secrets));
	const createdSecrets = Object.fromEntries(made);
	const { settings, secrets, externalAccount, listens } = parseConfig(adapter, {
		settings: input.settings,
		secrets: { ...createdSecrets, ...input.secrets },
	});
	const id = await newId(tx);
	const [integration] = await tx.db
		.insert(messagingIntegrations)
		.values({
			id,
			projectId: tx.projectId,
			adapter: adapter.id,
			name: input.name,
			externalAccount,
			settings,
			credentials: tx.keys.seal(JSON.stringify(secrets), id),
			secretNames: Object.keys(secrets),
			listens,
			deliveryPolicy: changePolicy(defaultDeliveryPolicy, input.delivery_policy ?? {}),
		})
		.returning()
		.catch(refuseDuplicate);
	if (!integration) throw new Error("The insert returned no integration.");
	emit(tx, { type: "integration.created", subjectId: id, data: { adapter: adapter.id, name: integration.name } });
	await audit(tx, { type: "integration.created", subjectId: id, data: { adapter: adapter.id, secrets: Object.keys(secrets) } });
	return { ...presentIntegration(integration), created_secrets: adapter.keepsSecrets ? {} : createdSecrets };
};
