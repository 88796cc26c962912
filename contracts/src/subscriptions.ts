import { z } from "zod";
import { Delivery } from "./deliveries.ts";
import { endpoint, IdempotencyHeaders, IfMatchHeaders } from "./endpoint.ts";
import { IntegrationHealth } from "./integrations.ts";
import { ProjectParams } from "./projects.ts";
import { Id, line, PageQuery, page, Timestamp, text, Version } from "./values.ts";

/** A type of the catalogue, all below a name (`agent.request.*`), or all (`*`). */
export const EventPattern = z
	.string()
	.max(100)
	.regex(/^(?:\*|[a-z]+(?:\.[a-z]+)*(?:\.\*)?)$/, "must be an event type, one with .* at its end, or *");

/** Whether an event of that type is meant. */
export const patternMatches = (pattern: string, type: string): boolean =>
	pattern === "*" || pattern === type || (pattern.endsWith(".*") && type.startsWith(pattern.slice(0, -1)));

/** What a test is sent as; no event has it. */
export const testEventType = "subscription.test";

/** Fields of an event's `data` with what each must be; docs/webhook.md says how. Judged as a whole by `core/src/subscriptions/condition.ts`. */
export const EventCondition = z
	.record(z.string().max(200), z.unknown())
	.describe(
		'Fields of `data`, all of which must hold: a value, a list of values, or one of {"in": […]}, {"prefix": "…"}, {"exists": true}; a dot leads further in',
	);
export type EventCondition = z.infer<typeof EventCondition>;

/** How a subscription stands: `paused` by hand, `disabled` with its integration, `held` while its receiver asked for patience. */
export const subscriptionStates = ["active", "failing", "held", "disabled", "paused"] as const;

export const Subscription = z.strictObject({
	id: Id,
	project_id: Id,
	name: z.string(),
	integration: z.strictObject({
		id: Id,
		name: z.string(),
		adapter: z.string(),
		/** Where it leads, for adapters with addresses of the user's. */
		url: z.string().nullable(),
		enabled: z.boolean(),
		disabled_reason: z.string().nullable(),
		held_until: Timestamp.nullable(),
		held_reason: z.string().nullable(),
		/** Since when nothing has got through; after a day people are warned, after five it is disabled. */
		failing_since: Timestamp.nullable(),
		health: IntegrationHealth,
		/** Until when the previous secret signs as well. */
		previous_secret_until: Timestamp.nullable(),
	}),
	address: z.string(),
	types: z.array(z.string()),
	/** Of these plans alone; null: whatever happens in the project, but for its private plans. */
	plan_ids: z.array(Id).nullable(),
	condition: EventCondition.nullable(),
	enabled: z.boolean(),
	state: z.enum(subscriptionStates),
	/** What comes after it in commit order is sent; earlier events only by `replay`. */
	from_position: z.int(),
	/** While missed events are sent again: how far that is. */
	replay: z.strictObject({ position: z.int(), until: z.int() }).nullable(),
	/** Who made it, or changed it last: of private plans it sees what they see. */
	owner: z.string(),
	last_delivery: z.strictObject({ id: Id, status: Delivery.shape.status, type: z.string(), at: Timestamp }).nullable(),
	/** Deliveries that have not arrived yet and will be tried. */
	waiting_deliveries: z.int(),
	version: Version,
	created_at: Timestamp,
	updated_at: Timestamp,
});
export type Subscription = z.infer<typeof Subscription>;

const filter = {
	types: z.array(EventPattern).min(1).max(50),
	plan_ids: z.array(Id).min(1).max(100).nullable(),
	condition: EventCondition.nullable(),
};

export const CreateSubscriptionInput = z.strictObject({
	name: line(120),
	/** One of the two: an address, for which an integration is made, or an integration that exists. */
	url: text(2_000).optional().describe("Where events are posted; makes an integration of its own"),
	/** For receivers that can't verify signatures, such as n8n. */
	authorization: text(2_000).optional().describe("Sent as the Authorization header; only with `url`"),
	integration_id: Id.optional().describe("Instead of `url`: an integration that takes events"),
	address: text(500).default(""),
	types: filter.types.default(["*"]),
	plan_ids: filter.plan_ids.default(null),
	condition: filter.condition.default(null),
});
export type CreateSubscriptionInput = z.infer<typeof CreateSubscriptionInput>;

/** With the secrets that were made, this once. */
export const CreatedSubscription = Subscription.extend({ created_secrets: z.record(z.string(), z.string()) });
export type CreatedSubscription = z.infer<typeof CreatedSubscription>;

export const UpdateSubscriptionInput = z
	.strictObject({
		name: line(120).optional(),
		address: text(500).optional(),
		types: filter.types.optional(),
		plan_ids: filter.plan_ids.optional(),
		condition: filter.condition.optional(),
	})
	.meta({ examples: [{ types: ["agent.request.*", "agent.decision.requested"] }] });
export type UpdateSubscriptionInput = z.infer<typeof UpdateSubscriptionInput>;

export const SubscriptionParams = ProjectParams.extend({ subscriptionId: Id });

/** How long the old secret signs beside a new one, unless somebody says otherwise. */
export const defaultOverlapHours = 24;

export const subscriptions = {
	listSubscriptions: endpoint({
		method: "GET",
		path: "/projects/{projectId}/subscriptions",
		summary: "Subscriptions to events by name, with how each stands (admins and owners)",
		tag: "subscriptions",
		params: ProjectParams,
		output: z.strictObject({ items: z.array(Subscription) }),
	}),
	createSubscription: endpoint({
		method: "POST",
		path: "/projects/{projectId}/subscriptions",
		summary: "Have events sent to an address, from now on",
		tag: "subscriptions",
		params: ProjectParams,
		headers: IdempotencyHeaders,
		body: CreateSubscriptionInput,
		output: CreatedSubscription,
		status: 201,
		refuses: ["conflict", "unprocessable"],
	}),
	getSubscription: endpoint({
		method: "GET",
		path: "/projects/{projectId}/subscriptions/{subscriptionId}",
		summary: "One subscription",
		tag: "subscriptions",
		params: SubscriptionParams,
		output: Subscription,
	}),
	updateSubscription: endpoint({
		method: "PATCH",
		path: "/projects/{projectId}/subscriptions/{subscriptionId}",
		summary: "Change what a subscription is sent; its address is changed with its integration",
		tag: "subscriptions",
		params: SubscriptionParams,
		headers: IfMatchHeaders,
		body: UpdateSubscriptionInput,
		output: Subscription,
		refuses: ["conflict", "unprocessable"],
	}),
	deleteSubscription: endpoint({
		method: "DELETE",
		path: "/projects/{projectId}/subscriptions/{subscriptionId}",
		summary: "Delete a subscription with its log, and with the integration that was made for it, if nothing else uses that",
		tag: "subscriptions",
		params: SubscriptionParams,
		output: z.strictObject({}),
	}),
	enableSubscription: endpoint({
		method: "POST",
		path: "/projects/{projectId}/subscriptions/{subscriptionId}/enable",
		summary: "Send events again, from now on; enables its integration, too",
		tag: "subscriptions",
		params: SubscriptionParams,
		output: Subscription,
		refuses: ["conflict"],
	}),
	disableSubscription: endpoint({
		method: "POST",
		path: "/projects/{projectId}/subscriptions/{subscriptionId}/disable",
		summary: "Send no more events; what already waits still goes out",
		tag: "subscriptions",
		params: SubscriptionParams,
		output: Subscription,
		refuses: ["conflict"],
	}),
	testSubscription: endpoint({
		method: "POST",
		path: "/projects/{projectId}/subscriptions/{subscriptionId}/test",
		summary: "Send a test (`subscription.test`) on the way that events take; answers with its delivery, to be watched",
		tag: "subscriptions",
		params: SubscriptionParams,
		output: Delivery,
		status: 202,
		refuses: ["conflict"],
	}),
	rotateSecret: endpoint({
		method: "POST",
		path: "/projects/{projectId}/subscriptions/{subscriptionId}/rotate-secret",
		summary: "Make a new signing secret; the old one signs as well for a while",
		tag: "subscriptions",
		params: SubscriptionParams,
		body: z
			.strictObject({
				overlap_hours: z.int().min(0).max(168).default(defaultOverlapHours).describe("How long the old one still signs; 0: not at all"),
			})
			.optional(),
		output: CreatedSubscription,
		refuses: ["conflict", "unprocessable"],
	}),
	listSubscriptionDeliveries: endpoint({
		method: "GET",
		path: "/projects/{projectId}/subscriptions/{subscriptionId}/deliveries",
		summary: "What was sent to a subscription, newest first, with every attempt",
		tag: "subscriptions",
		params: SubscriptionParams,
		query: PageQuery.extend({ status: Delivery.shape.status.optional() }),
		output: page(Delivery),
	}),
	replayEvents: endpoint({
		method: "POST",
		path: "/projects/{projectId}/subscriptions/{subscriptionId}/replay",
		summary: "Send what was missed: matching events of at most the last 14 days that were never sent to it",
		tag: "subscriptions",
		params: SubscriptionParams,
		body: z.strictObject({
			from_position: z.int().min(0).optional().describe("Events after this position"),
			since: Timestamp.optional().describe("Instead of `from_position`: events since then"),
		}),
		output: Subscription,
		status: 202,
		refuses: ["conflict", "unprocessable"],
	}),
};
