import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { type EventType, eventCatalogue } from "./events/catalogue.ts";
import { NodeParams } from "./plan-nodes.ts";
import { PlanParams } from "./plans.ts";
import { ProjectParams } from "./projects.ts";
import { Id, Timestamp } from "./values.ts";

/** What a reader of a timeline can ask for. `message`: what went to integrations, and came from them. */
export const timelineGroups = ["plan", "node", "goal", "comment", "log", "request", "decision", "message", "agent", "project"] as const;
export const TimelineGroup = z.enum(timelineGroups);
export type TimelineGroup = z.infer<typeof TimelineGroup>;

type EventSubject = (typeof eventCatalogue)[EventType]["subject"];

/** In which group the events about each kind of subject are read; others are the project's. */
const groupOfSubject: Partial<Record<EventSubject, TimelineGroup>> = {
	plan: "plan",
	goal: "goal",
	node: "node",
	comment: "comment",
	mention: "comment",
	log: "log",
	request: "request",
	response: "request",
	decision: "decision",
	vote: "decision",
	delivery: "message",
	replay: "message",
	command: "message",
	agent: "agent",
};

export const timelineGroupOf = (subject: string): TimelineGroup => groupOfSubject[subject as EventSubject] ?? "project";

/** The kinds of subjects whose events are read in one of these groups. */
export const subjectsIn = (groups: ReadonlySet<TimelineGroup>): string[] => {
	const subjects = new Set(Object.values(eventCatalogue).map(({ subject }) => subject));
	return [...subjects].filter((subject) => groups.has(timelineGroupOf(subject)));
};

const Named = z.strictObject({ id: Id, title: z.string() });

/** One event in the words that a reader needs. */
export const TimelineItem = z.strictObject({
	id: Id,
	/** Place in commit order over the installation. */
	position: z.int(),
	type: z.string(),
	group: TimelineGroup,
	occurred_at: Timestamp,
	/** Who did it, by the name of that time. `id`: the user's, agent's or integration's. */
	actor: z.strictObject({ kind: z.enum(["user", "agent", "integration", "system"]), id: Id.nullable(), name: z.string() }),
	/** `title`: its name, or the beginning of its text, as it is today; null once it is gone. */
	subject: z.strictObject({ type: z.string(), id: Id, title: z.string().nullable() }),
	/** Whom or what else it is about, such as the person a plan is shared with; `title` is null where that is gone, or the reader doesn't see it. */
	other: z.strictObject({ id: Id, title: z.string().nullable() }).nullable(),
	plan: Named.nullable(),
	node: Named.nullable(),
	agent_request_id: Id.nullable(),
	data: z.record(z.string(), z.unknown()),
});
export type TimelineItem = z.infer<typeof TimelineItem>;

const groupList = new RegExp(`^(?:${timelineGroups.join("|")})(?:,(?:${timelineGroups.join("|")}))*$`);

export const TimelineQuery = z.strictObject({
	limit: z.coerce.number().int().min(1).max(200).default(50).describe("How many at most"),
	cursor: z.coerce.number().int().min(1).optional().describe("`next_cursor` of the page before"),
	groups: z
		.string()
		.max(200)
		.regex(groupList, `must be a list of ${timelineGroups.join(", ")} with commas between`)
		.optional()
		.describe("Only these groups, with commas between"),
	actor_id: Id.optional().describe("Only what this user or agent did"),
});
export type TimelineQuery = z.output<typeof TimelineQuery>;

/** With a filter a page may hold less than its limit, even nothing, and yet have a next one: each looks through so many events at most. */
export const TimelinePage = z.strictObject({ items: z.array(TimelineItem), next_cursor: z.int().nullable() });
export type TimelinePage = z.infer<typeof TimelinePage>;

const description =
	"With a filter a page may hold less than `limit`, even nothing, while `next_cursor` leads on: a page looks through 5,000 events at most.";

export const timelines = {
	getNodeTimeline: endpoint({
		method: "GET",
		path: "/projects/{projectId}/nodes/{nodeId}/timeline",
		summary: "What happened to a node, newest first",
		description,
		tag: "timelines",
		params: NodeParams,
		query: TimelineQuery,
		output: TimelinePage,
	}),
	getPlanTimeline: endpoint({
		method: "GET",
		path: "/projects/{projectId}/plans/{planId}/timeline",
		summary: "What happened in a plan, newest first",
		description,
		tag: "timelines",
		params: PlanParams,
		query: TimelineQuery,
		output: TimelinePage,
	}),
	getProjectTimeline: endpoint({
		method: "GET",
		path: "/projects/{projectId}/timeline",
		summary: "What happened in a project, newest first, without the plans that one can't see",
		description: `${description} Guests and agents read of the plans alone.`,
		tag: "timelines",
		params: ProjectParams,
		query: TimelineQuery,
		output: TimelinePage,
	}),
};
