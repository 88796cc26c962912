import { z } from "zod";
import { DeliveryPolicy, DeliveryPolicyInput } from "./delivery-policy.ts";
import { endpoint, IdempotencyHeaders, IfMatchHeaders } from "./endpoint.ts";
import { ProjectParams } from "./projects.ts";
import { Id, line, Timestamp, text, Version } from "./values.ts";

export const integrationHealths = ["unknown", "healthy", "unauthorized", "failing"] as const;
export const IntegrationHealth = z.enum(integrationHealths);
export type IntegrationHealth = z.infer<typeof IntegrationHealth>;

/** What a live check found: each problem with what to do about it. */
export const HealthReport = z.strictObject({
	ok: z.boolean(),
	checked_at: Timestamp,
	/** Who asked for it; null where that wasn't recorded. */
	checked_by: z.string().nullable(),
	problems: z.array(z.strictObject({ problem: z.string(), remedy: z.string() })),
});
export type HealthReport = z.infer<typeof HealthReport>;

/** How listening stands, as whoever listens says; `refused`: a person must mend the credentials. */
export const listenerStates = ["connecting", "listening", "reconnecting", "refused"] as const;

/** How it stands with hearing a platform through a connection of our own. */
export const ListeningStatus = z.strictObject({
	/** `unattended`: no worker does it; `off`: the integration is disabled. */
	state: z.enum([...listenerStates, "unattended", "off"]),
	/** Since when it has been so, where that is known. */
	since: Timestamp.nullable(),
	problem: z.string().nullable(),
	remedy: z.string().nullable(),
	/** When it is begun again by itself, where it has ended. */
	next_try_at: Timestamp.nullable(),
});
export type ListeningStatus = z.infer<typeof ListeningStatus>;

export const Integration = z.strictObject({
	id: Id,
	project_id: Id,
	adapter: z.string(),
	name: z.string(),
	settings: z.record(z.string(), z.unknown()),
	/** Which secrets are set; their values never leave the server. */
	secrets: z.record(z.string(), z.boolean()),
	/** Set up to hear its platform through a connection of ours, so that the platform needs no address to post to. */
	listens: z.boolean(),
	enabled: z.boolean(),
	disabled_reason: z.string().nullable(),
	/** Nothing is sent there before then: a rate limit, or a pause after refused credentials. */
	held_until: Timestamp.nullable(),
	held_reason: z.string().nullable(),
	/** Since when its credentials have been refused; null while they work. */
	unauthorized_since: Timestamp.nullable(),
	delivery_policy: DeliveryPolicy,
	/** Since when nothing has got through; after five days of that it is disabled. */
	failing_since: Timestamp.nullable(),
	/** Until when the previous secret signs as well, after a change of it. */
	previous_secret_until: Timestamp.nullable(),
	health: IntegrationHealth,
	health_report: HealthReport.nullable(),
	version: Version,
	created_at: Timestamp,
	updated_at: Timestamp,
});
export type Integration = z.infer<typeof Integration>;

/** In the list with what it takes to say how it stands now. */
export const ListedIntegration = Integration.extend({
	disabled_since: Timestamp.nullable(),
	/** Deliveries that have not arrived yet and will be tried. */
	waiting_deliveries: z.int(),
	/** Of these, those with an attempt behind them that failed or is unclear. */
	retrying_deliveries: z.int(),
	/** Null unless it `listens`. */
	listening: ListeningStatus.nullable(),
});
export type ListedIntegration = z.infer<typeof ListedIntegration>;

/**
 * One thing to do on the platform. In its texts `{ingress_url}` stands for where the platform posts to, and any other `{name}` for the
 * setting of that name.
 */
export const SetupStep = z.strictObject({
	title: z.string(),
	text: z.string(),
	link: z.strictObject({ label: z.string(), url: z.string() }).optional(),
	/** To be pasted there. */
	copy: z.strictObject({ label: z.string(), text: z.string() }).optional(),
	/** Not for an integration that listens, to which nothing has to be posted. */
	unless_listening: z.literal(true).optional(),
});
export type SetupStep = z.infer<typeof SetupStep>;

/** How a person sets a channel up; the steps after it is connected may speak of its settings and its address. */
export const Setup = z.strictObject({
	/** What it is for and what one needs to have, in a sentence or two. */
	needs: z.string(),
	before: z.array(SetupStep),
	after: z.array(SetupStep),
});
export type Setup = z.infer<typeof Setup>;

/** An adapter as the set-up screens need it: JSON Schemas of its settings and secrets. */
export const AdapterDescription = z.strictObject({
	id: z.string(),
	label: z.string(),
	settings_schema: z.record(z.string(), z.unknown()),
	secrets_schema: z.record(z.string(), z.unknown()),
	/** What an address in a route is called there (a channel, a thread); null: the integration itself is the one address. */
	address: z.strictObject({ label: z.string(), description: z.string() }).nullable(),
	/** Secrets that are made when none are given. */
	created_secrets: z.array(z.string()),
	setup: Setup.nullable(),
	/** Whether its platform posts to us, at `/ingress/<adapter>/<integration id>`. */
	receives: z.boolean(),
});
export type AdapterDescription = z.infer<typeof AdapterDescription>;

const settingsObject = z.record(z.string().max(100), z.unknown());

export const CreateIntegrationInput = z.strictObject({
	adapter: line(50).describe("An `id` of `GET /adapters`"),
	name: line(120),
	settings: settingsObject.describe("As the adapter's `settings_schema` says"),
	/** Left out secrets that the adapter can make itself (a signing secret) are made, and shown once in `created_secrets`. */
	secrets: z.record(z.string().max(100), z.string().max(5_000)).default({}),
	delivery_policy: DeliveryPolicyInput.optional(),
});
export type CreateIntegrationInput = z.infer<typeof CreateIntegrationInput>;

export const CreatedIntegration = Integration.extend({ created_secrets: z.record(z.string(), z.string()) });
export type CreatedIntegration = z.infer<typeof CreatedIntegration>;

export const UpdateIntegrationInput = z
	.strictObject({
		name: line(120).optional(),
		settings: settingsObject.optional(),
		/** Those left out stay; null removes one. */
		secrets: z.record(z.string().max(100), z.string().max(5_000).nullable()).optional(),
		/** Of it, too, what is left out stays. */
		delivery_policy: DeliveryPolicyInput.optional(),
	})
	.meta({ examples: [{ settings: { url: "https://agent.example.org/hook/2" } }] });
export type UpdateIntegrationInput = z.infer<typeof UpdateIntegrationInput>;

/** Addresses to look at beside those that routes lead to, such as a channel to which somebody means to send. */
export const TestIntegrationInput = z.strictObject({ addresses: z.array(text(500)).max(20).default([]) }).optional();

export const IntegrationParams = ProjectParams.extend({ integrationId: Id });

export const integrations = {
	listAdapters: endpoint({
		method: "GET",
		path: "/adapters",
		summary: "Kinds of channels that can be connected",
		tag: "integrations",
		output: z.strictObject({ items: z.array(AdapterDescription) }),
	}),
	createIntegration: endpoint({
		method: "POST",
		path: "/projects/{projectId}/integrations",
		summary: "Connect a channel",
		tag: "integrations",
		params: ProjectParams,
		headers: IdempotencyHeaders,
		body: CreateIntegrationInput,
		output: CreatedIntegration,
		status: 201,
		refuses: ["conflict", "unprocessable"],
	}),
	listIntegrations: endpoint({
		method: "GET",
		path: "/projects/{projectId}/integrations",
		summary: "Connected channels, and what waits at each",
		tag: "integrations",
		params: ProjectParams,
		output: z.strictObject({ items: z.array(ListedIntegration) }),
	}),
	getIntegration: endpoint({
		method: "GET",
		path: "/projects/{projectId}/integrations/{integrationId}",
		summary: "One connected channel",
		tag: "integrations",
		params: IntegrationParams,
		output: Integration,
	}),
	updateIntegration: endpoint({
		method: "PATCH",
		path: "/projects/{projectId}/integrations/{integrationId}",
		summary: "Change a channel's name, settings, secrets or delivery policy",
		tag: "integrations",
		params: IntegrationParams,
		headers: IfMatchHeaders,
		body: UpdateIntegrationInput,
		output: Integration,
		refuses: ["conflict", "unprocessable"],
	}),
	testIntegration: endpoint({
		method: "POST",
		path: "/projects/{projectId}/integrations/{integrationId}/test",
		summary: "Check a channel now: credentials, scopes, reachability",
		tag: "integrations",
		params: IntegrationParams,
		body: TestIntegrationInput,
		output: Integration,
		refuses: ["conflict"],
	}),
	enableIntegration: endpoint({
		method: "POST",
		path: "/projects/{projectId}/integrations/{integrationId}/enable",
		summary: "Let a channel's deliveries go out again",
		tag: "integrations",
		params: IntegrationParams,
		output: Integration,
		refuses: ["conflict"],
	}),
	disableIntegration: endpoint({
		method: "POST",
		path: "/projects/{projectId}/integrations/{integrationId}/disable",
		summary: "Hold a channel's deliveries where they are",
		tag: "integrations",
		params: IntegrationParams,
		output: Integration,
		refuses: ["conflict"],
	}),
};
