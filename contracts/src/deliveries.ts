import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { deliveryKinds } from "./messages.ts";
import { ProjectParams } from "./projects.ts";
import { Id, line, PageQuery, page, requiredText, Timestamp, text } from "./values.ts";

export const deliveryStatuses = [
	"queued",
	"sending",
	"retrying",
	"unknown",
	"delivered",
	"acknowledged",
	"cancelled",
	"superseded",
	"dead",
] as const;
export const DeliveryStatus = z.enum(deliveryStatuses);
export type DeliveryStatus = z.infer<typeof DeliveryStatus>;

/** A delivery in one of these still has an attempt before it, and therefore a timer. */
export const openDeliveryStatuses = ["queued", "sending", "retrying", "unknown"] as const satisfies readonly DeliveryStatus[];

export const attemptOutcomes = ["delivered", "rejected", "unauthorized", "rate_limited", "unavailable", "unknown", "lost"] as const;
export const AttemptOutcome = z.enum(attemptOutcomes);
export type AttemptOutcome = z.infer<typeof AttemptOutcome>;

/** What went over the wire in one attempt; secrets are masked. */
export const Exchange = z.strictObject({
	request: z
		.strictObject({
			method: z.string(),
			url: z.string(),
			headers: z.record(z.string(), z.string()),
			/** Null: it is the delivery's payload. */
			body: z.string().nullable(),
			/** Of the body as it was sent, secrets included. Those that were recorded before there were such lack them. */
			bytes: z.int().optional(),
			sha256: z.string().optional(),
		})
		.optional(),
	response: z
		.strictObject({ status: z.int(), headers: z.record(z.string(), z.string()), body: z.string(), truncated: z.boolean() })
		.optional(),
});
export type Exchange = z.infer<typeof Exchange>;

export const DeliveryAttempt = z.strictObject({
	id: Id,
	number: z.int(),
	started_at: Timestamp,
	finished_at: Timestamp.nullable(),
	duration_ms: z.int().nullable(),
	/** Null while the attempt runs; `lost` when its worker vanished. */
	outcome: AttemptOutcome.nullable(),
	detail: z.string().nullable(),
	remedy: z.string().nullable(),
	next_attempt_at: Timestamp.nullable(),
	worker: z.string(),
	exchange: Exchange.nullable(),
});
export type DeliveryAttempt = z.infer<typeof DeliveryAttempt>;

export const Delivery = z.strictObject({
	id: Id,
	project_id: Id,
	agent_request_id: Id.nullable(),
	/** Of a message about a decision. */
	decision_id: Id.nullable(),
	kind: z.enum(deliveryKinds),
	/** Of a plain message: what it says, Markdown. */
	message: z.strictObject({ from: z.string(), text: z.string() }).nullable(),
	/** Of an event: which one, and for what subscription. */
	event: z.strictObject({ id: Id, type: z.string(), position: z.int().nullable(), subscription_id: Id }).nullable(),
	agent_id: Id.nullable(),
	agent_name: z.string().nullable(),
	integration_id: Id,
	integration_name: z.string(),
	/** False: it waits, and can't be sent, until its integration is enabled. */
	integration_enabled: z.boolean(),
	adapter: z.string(),
	address: z.string(),
	/** Size of what is sent, the same on every attempt; null before the first one, and where it is too large to be kept. */
	payload_bytes: z.int().nullable(),
	/** The delivery that gave up, of which this is an edited copy. */
	replayed_from: Id.nullable(),
	status: DeliveryStatus,
	reason: z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
	/** Who put it aside after it gave up, when and why; null while nobody has. */
	discarded: z.strictObject({ by: z.string(), reason: z.string(), at: Timestamp }).nullable(),
	/** Attempts begun so far. */
	attempt_count: z.int(),
	next_attempt_at: Timestamp.nullable(),
	/** Since when it is due, but waits its turn; `reason` says what for. */
	waits_since: Timestamp.nullable(),
	delivered_at: Timestamp.nullable(),
	/** The last 50; `attempt_count` tells how many there were. */
	attempts: z.array(DeliveryAttempt),
	created_at: Timestamp,
	updated_at: Timestamp,
});
export type Delivery = z.infer<typeof Delivery>;

export const DeliveryPayload = z.strictObject({
	delivery_id: Id,
	/** JSON: a webhook's body, else what is said to the platform's API. In the place of the reply token stands •••. */
	text: z.string(),
	/** Of what is sent, reply token included; every attempt's `exchange.request` says the same of a webhook's body. */
	bytes: z.int(),
	sha256: z.string(),
});
export type DeliveryPayload = z.infer<typeof DeliveryPayload>;

/** What of a message people have written: of a question the first four, of a reply or a message the text. */
export const DeliveryWords = z
	.strictObject({
		question: requiredText(20_000),
		title: line(300),
		agent_instructions: text(20_000),
		acceptance_criteria: text(20_000),
		text: requiredText(20_000),
	})
	.partial()
	.meta({ examples: [{ agent_instructions: "At most 200 words, no links." }] });
export type DeliveryWords = z.infer<typeof DeliveryWords>;

export const DeliveryParams = ProjectParams.extend({ deliveryId: Id });

export const deliveries = {
	listDeliveries: endpoint({
		method: "GET",
		path: "/projects/{projectId}/deliveries",
		summary: "Deliveries, newest first",
		tag: "deliveries",
		params: ProjectParams,
		query: PageQuery.extend({
			status: DeliveryStatus.optional(),
			kind: z.enum(deliveryKinds).optional(),
			node_id: Id.optional(),
			agent_request_id: Id.optional(),
			integration_id: Id.optional(),
		}),
		output: page(Delivery),
	}),
	getDelivery: endpoint({
		method: "GET",
		path: "/projects/{projectId}/deliveries/{deliveryId}",
		summary: "A delivery with every attempt",
		tag: "deliveries",
		params: DeliveryParams,
		output: Delivery,
	}),
	getPayload: endpoint({
		method: "GET",
		path: "/projects/{projectId}/deliveries/{deliveryId}/payload",
		summary: "What a delivery sends, the same on every attempt",
		description:
			"Kept from the first attempt on, as long as the delivery. 404 before that, and where it is larger than 256 KiB, which nothing is sent of.",
		tag: "deliveries",
		params: DeliveryParams,
		output: DeliveryPayload,
	}),
	getWords: endpoint({
		method: "GET",
		path: "/projects/{projectId}/deliveries/{deliveryId}/words",
		summary: "What of a delivery people have written, and could be edited; empty where nothing is",
		tag: "deliveries",
		params: DeliveryParams,
		output: DeliveryWords,
	}),
	retryDelivery: endpoint({
		method: "POST",
		path: "/projects/{projectId}/deliveries/{deliveryId}/retry",
		summary: "Send now: brings a waiting attempt forward, or replays a dead delivery",
		tag: "deliveries",
		params: DeliveryParams,
		output: Delivery,
		refuses: ["conflict"],
	}),
};
