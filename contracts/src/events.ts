import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { EventTypeInfo } from "./events/envelope.ts";
import { ProjectParams } from "./projects.ts";
import { Id, PageQuery, Timestamp } from "./values.ts";

export const PlannerEvent = z.strictObject({
	id: Id,
	/** Place in commit order over the installation; use the last one seen as the cursor. */
	position: z.int(),
	type: z.string(),
	subject_type: z.string(),
	subject_id: Id,
	data: z.record(z.string(), z.unknown()),
	actor: z.record(z.string(), z.unknown()),
	request_id: z.string().nullable(),
	trace_id: z.string().nullable(),
	occurred_at: Timestamp,
});
export type PlannerEvent = z.infer<typeof PlannerEvent>;

/** Longest that a reader of events may wait for one. */
export const longestWaitSeconds = 30;

export const events = {
	listEventTypes: endpoint({
		method: "GET",
		path: "/event-types",
		summary: "Every kind of event, with the JSON Schema of what a subscriber gets and an example",
		tag: "events",
		output: z.strictObject({ items: z.array(EventTypeInfo) }),
	}),
	listEvents: endpoint({
		method: "GET",
		path: "/projects/{projectId}/events",
		summary: "What happened, in commit order; `cursor` is the last position seen",
		description:
			"Nothing is missed by whoever asks again with `next_cursor`, however late it was committed. With `wait` the answer comes as soon as there is something, so that a program may follow without an address of its own: ten calls of one token may wait at once, and a hundred in a project. Invitations, tokens, votes, commands and subscriptions are told to those alone who may read them.",
		tag: "events",
		params: ProjectParams,
		query: PageQuery.extend({
			cursor: z.coerce.number().int().min(0).default(0),
			subject_id: Id.optional(),
			plan_id: Id.optional(),
			types: z
				.string()
				.max(2_000)
				.regex(/^[a-z.*]+(?:,[a-z.*]+)*$/, "must be event types, * or ones with .* at their end, with commas between them")
				.optional()
				.describe("Those types alone, such as `agent.request.*,goal.created`"),
			wait: z.coerce.number().int().min(0).max(longestWaitSeconds).default(0).describe("How many seconds to wait until there is something"),
		}),
		output: z.strictObject({ items: z.array(PlannerEvent), next_cursor: z.int() }),
		refuses: ["limit_exceeded"],
	}),
};
