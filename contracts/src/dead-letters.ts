import { z } from "zod";
import { Delivery, DeliveryParams, DeliveryWords } from "./deliveries.ts";
import { endpoint, IdempotencyHeaders } from "./endpoint.ts";
import { ProjectParams } from "./projects.ts";
import { deadReasonCodes } from "./reasons.ts";
import { Id, line, PageQuery, page, Timestamp } from "./values.ts";

/** Which of the deliveries that gave up; what isn't given narrows nothing. */
export const DeadLetterFilter = z.strictObject({
	integration_id: Id.optional(),
	agent_id: Id.optional(),
	plan_id: Id.optional(),
	reason: z.enum(deadReasonCodes).optional().describe("Why they gave up"),
	since: Timestamp.optional().describe("Messages made at this moment or later"),
	until: Timestamp.optional().describe("Messages made before this moment"),
});
export type DeadLetterFilter = z.infer<typeof DeadLetterFilter>;

/** A delivery that gave up, with what it was about. */
export const DeadLetter = Delivery.extend({
	plan_id: Id.nullable(),
	node_id: Id.nullable(),
	/** The title of the task or phase it was about; null for what is about none. */
	title: z.string().nullable(),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

export const DeadLetterGroup = z.strictObject({
	reason: z.string(),
	title: z.string(),
	remedy: z.string(),
	/** What was said to the last of them. */
	last_message: z.string(),
	integration_id: Id,
	integration_name: z.string(),
	integration_enabled: z.boolean(),
	adapter: z.string(),
	count: z.int(),
	oldest_at: Timestamp,
	newest_at: Timestamp,
});
export type DeadLetterGroup = z.infer<typeof DeadLetterGroup>;

/** Why a dead letter isn't sent by a replay; in words. */
export const skipReasons = {
	request_ended: "Its request has been answered, declined or cancelled: there is nothing to ask any more.",
	decision_ended: "Its decision has been made or withdrawn.",
	plan_closed: "Its plan is archived or deleted. Take it out of there first.",
	integration_disabled: "Its integration is disabled. Enable it first.",
	too_old: "It is older than this project sends again without being asked to.",
	changed: "Somebody else sent, discarded or deleted it meanwhile, or it is no longer yours to send.",
} as const;
export type SkipReason = keyof typeof skipReasons;

const Skipped = z.array(
	z.strictObject({ reason: z.enum(Object.keys(skipReasons) as [SkipReason, ...SkipReason[]]), message: z.string(), count: z.int() }),
);

export const ReplayFilter = DeadLetterFilter.extend({
	include_older: z.boolean().optional().describe("Also what is older than the project's `replay_max_age_days`"),
});
export type ReplayFilter = z.infer<typeof ReplayFilter>;

export const replayJobStates = ["running", "paused", "cancelled", "finished"] as const;
export const mostReplayedPerSecond = 50;

/** Many dead letters that are sent again, one after the other. */
export const ReplayJob = z.strictObject({
	id: Id,
	project_id: Id,
	filter: ReplayFilter,
	state: z.enum(replayJobStates),
	/** How many had given up when it began. */
	total: z.int(),
	/** How many it has sent again. */
	done: z.int(),
	/** How many it passed over, and why. */
	skipped: Skipped,
	rate_per_second: z.int(),
	/** Who began it. */
	created_by: z.string(),
	created_at: Timestamp,
	finished_at: Timestamp.nullable(),
});
export type ReplayJob = z.infer<typeof ReplayJob>;

export const ReplayPreview = z.strictObject({
	/** How many match. */
	total: z.int(),
	/** How many would be sent now. */
	replayable: z.int(),
	/** Those that would not, and why. */
	skipped: Skipped,
	max_age_days: z.int(),
});
export type ReplayPreview = z.infer<typeof ReplayPreview>;

export const ReplayJobParams = ProjectParams.extend({ jobId: Id });

const DiscardReason = line(500).describe("Why it needs no sending any more; kept with it");

/** How many one call discards at most. */
export const mostDiscarded = 1_000;

const switchReplay = <Verb extends "pause" | "resume" | "cancel">(verb: Verb, summary: string) =>
	endpoint({
		method: "POST",
		path: `/projects/{projectId}/replay-jobs/{jobId}/${verb}`,
		summary,
		tag: "deadLetters",
		params: ReplayJobParams,
		output: ReplayJob,
		refuses: ["conflict"],
	});

export const deadLetters = {
	listDeadLetters: endpoint({
		method: "GET",
		path: "/projects/{projectId}/dead-letters",
		summary: "Deliveries that gave up, newest first, or those that were discarded",
		tag: "deadLetters",
		params: ProjectParams,
		query: PageQuery.extend(DeadLetterFilter.shape).extend({ state: z.enum(["open", "discarded"]).default("open") }),
		output: page(DeadLetter),
	}),
	summarizeDeadLetters: endpoint({
		method: "GET",
		path: "/projects/{projectId}/dead-letters/summary",
		summary: "Deliveries that gave up, counted by cause: reason and integration, with what to do about it",
		tag: "deadLetters",
		params: ProjectParams,
		query: DeadLetterFilter,
		output: z.strictObject({ total: z.int(), discarded: z.int(), groups: z.array(DeadLetterGroup) }),
	}),
	discardDeadLetters: endpoint({
		method: "POST",
		path: "/projects/{projectId}/dead-letters/discard",
		summary: `Discard those that match, at most ${mostDiscarded} at once; they can be brought back`,
		tag: "deadLetters",
		params: ProjectParams,
		body: z.strictObject({ filter: DeadLetterFilter, reason: DiscardReason }),
		output: z.strictObject({ discarded: z.int(), left: z.int() }),
	}),
	discardDelivery: endpoint({
		method: "POST",
		path: "/projects/{projectId}/deliveries/{deliveryId}/discard",
		summary: "Discard one that gave up: it leaves the list, and stays with its request",
		tag: "deadLetters",
		params: DeliveryParams,
		body: z.strictObject({ reason: DiscardReason }),
		output: Delivery,
		refuses: ["conflict"],
	}),
	restoreDelivery: endpoint({
		method: "POST",
		path: "/projects/{projectId}/deliveries/{deliveryId}/restore",
		summary: "Bring back one that was discarded",
		tag: "deadLetters",
		params: DeliveryParams,
		output: Delivery,
		refuses: ["conflict"],
	}),
	editAndReplay: endpoint({
		method: "POST",
		path: "/projects/{projectId}/deliveries/{deliveryId}/edit-and-replay",
		summary: "Send other words in place of one that gave up",
		description:
			"A new delivery to the same place, with an id (`webhook-id`) and a reply token of its own and `replayed_from`; what isn't given stays. The one that gave up is kept as it was sent, and discarded. The task itself is not changed.",
		tag: "deadLetters",
		params: DeliveryParams,
		headers: IdempotencyHeaders,
		body: DeliveryWords,
		output: Delivery,
		status: 202,
		refuses: ["conflict", "unprocessable"],
	}),
	previewReplay: endpoint({
		method: "POST",
		path: "/projects/{projectId}/replay-jobs/preview",
		summary: "How many a replay would send, how many not, and why; sends nothing",
		tag: "deadLetters",
		params: ProjectParams,
		body: z.strictObject({ filter: ReplayFilter }),
		output: ReplayPreview,
	}),
	startReplay: endpoint({
		method: "POST",
		path: "/projects/{projectId}/replay-jobs",
		summary: "Send again what gave up: all that matches, oldest first, no faster than asked",
		description:
			"Goes on whatever stops meanwhile, and sends nothing twice: each is sent in one transaction with the job's own progress. One job runs at a time per integration in its filter.",
		tag: "deadLetters",
		params: ProjectParams,
		body: z.strictObject({
			filter: ReplayFilter,
			rate_per_second: z.int().min(1).max(mostReplayedPerSecond).default(5).describe("How many at most in a second"),
		}),
		output: ReplayJob,
		status: 202,
		refuses: ["conflict", "unprocessable"],
	}),
	listReplays: endpoint({
		method: "GET",
		path: "/projects/{projectId}/replay-jobs",
		summary: "Replays, newest first",
		tag: "deadLetters",
		params: ProjectParams,
		query: PageQuery,
		output: page(ReplayJob),
	}),
	getReplay: endpoint({
		method: "GET",
		path: "/projects/{projectId}/replay-jobs/{jobId}",
		summary: "A replay and how far it is",
		tag: "deadLetters",
		params: ReplayJobParams,
		output: ReplayJob,
	}),
	pauseReplay: switchReplay("pause", "Stop a replay for now"),
	resumeReplay: switchReplay("resume", "Let a paused replay go on"),
	cancelReplay: switchReplay("cancel", "End a replay; what it has sent stays sent"),
};
