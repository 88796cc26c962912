import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { ProjectParams } from "./projects.ts";
import { Id, PageQuery, Timestamp } from "./values.ts";

/** Most bytes an event's or timer's data may have as JSON: engines carry ids, rows hold the content. */
export const maxEventDataBytes = 65_536;

/**
 * Every kind of fact, with what it is about. `trigger: true` means that a workflow listens, so the event gets an outbox row.
 * Lower case and dots only: `_` and `*` are wildcards to Hatchet.
 */
export const eventCatalogue = {
	"user.registered": { subject: "user", trigger: false },
	"user.linked": { subject: "user", trigger: false },
	"user.unlinked": { subject: "user", trigger: false },
	"user.password.changed": { subject: "user", trigger: false },
	"session.started": { subject: "user", trigger: false },
	"session.ended": { subject: "user", trigger: false },
	"project.created": { subject: "project", trigger: false },
	"project.updated": { subject: "project", trigger: false },
	"project.member.added": { subject: "member", trigger: false },
	"project.member.changed": { subject: "member", trigger: false },
	"project.member.removed": { subject: "member", trigger: false },
	"invitation.created": { subject: "invitation", trigger: false },
	"invitation.accepted": { subject: "invitation", trigger: false },
	"invitation.revoked": { subject: "invitation", trigger: false },
	"token.created": { subject: "token", trigger: false },
	"token.revoked": { subject: "token", trigger: false },
	"plan.created": { subject: "plan", trigger: false },
	"plan.updated": { subject: "plan", trigger: false },
	"plan.imported": { subject: "plan", trigger: false },
	"plan.status.changed": { subject: "plan", trigger: false },
	"plan.visibility.changed": { subject: "plan", trigger: false },
	"plan.link.renewed": { subject: "plan", trigger: false },
	"plan.owner.changed": { subject: "plan", trigger: false },
	"plan.collaborator.added": { subject: "plan", trigger: false },
	"plan.collaborator.changed": { subject: "plan", trigger: false },
	"plan.collaborator.removed": { subject: "plan", trigger: false },
	"plan.deleted": { subject: "plan", trigger: false },
	"plan.restored": { subject: "plan", trigger: false },
	"node.created": { subject: "node", trigger: false },
	"node.updated": { subject: "node", trigger: false },
	"node.moved": { subject: "node", trigger: false },
	"node.status.changed": { subject: "node", trigger: false },
	"node.deleted": { subject: "node", trigger: false },
	"node.restored": { subject: "node", trigger: false },
	"plan.change.undone": { subject: "plan", trigger: false },
	"node.unblocked": { subject: "node", trigger: false },
	"node.dependency.added": { subject: "node", trigger: false },
	"node.dependency.removed": { subject: "node", trigger: false },
	"node.logged": { subject: "log", trigger: false },
	"comment.created": { subject: "comment", trigger: false },
	"comment.edited": { subject: "comment", trigger: false },
	"comment.deleted": { subject: "comment", trigger: false },
	"comment.resolved": { subject: "comment", trigger: false },
	"comment.reopened": { subject: "comment", trigger: false },
	/** The subject is the user who was mentioned. */
	"member.mentioned": { subject: "mention", trigger: false },
	"node.assignments.changed": { subject: "node", trigger: false },
	"node.claimed": { subject: "node", trigger: false },
	"node.claim.released": { subject: "node", trigger: false },
	"node.claim.expired": { subject: "node", trigger: false },
	"node.claim.broken": { subject: "node", trigger: false },
	"node.claim.finished": { subject: "node", trigger: false },
	"goal.created": { subject: "goal", trigger: false },
	"goal.updated": { subject: "goal", trigger: false },
	"goal.status.changed": { subject: "goal", trigger: false },
	"goal.linked": { subject: "goal", trigger: false },
	"goal.unlinked": { subject: "goal", trigger: false },
	"goal.deleted": { subject: "goal", trigger: false },
	"goal.restored": { subject: "goal", trigger: false },
	"agent.created": { subject: "agent", trigger: false },
	"agent.updated": { subject: "agent", trigger: false },
	"agent.gone": { subject: "agent", trigger: false },
	"agent.returned": { subject: "agent", trigger: false },
	"agent.routes.changed": { subject: "agent", trigger: false },
	"plan.routes.changed": { subject: "plan", trigger: false },
	"project.routes.changed": { subject: "project", trigger: false },
	"integration.created": { subject: "integration", trigger: false },
	"integration.updated": { subject: "integration", trigger: false },
	"integration.tested": { subject: "integration", trigger: false },
	"integration.enabled": { subject: "integration", trigger: false },
	"integration.disabled": { subject: "integration", trigger: false },
	"integration.held": { subject: "integration", trigger: false },
	/** Nothing has got through for a day; after five it is disabled. */
	"integration.failing": { subject: "integration", trigger: false },
	"integration.secret.rotated": { subject: "integration", trigger: false },
	"integration.secret.expired": { subject: "integration", trigger: false },
	"integration.listening.started": { subject: "integration", trigger: false },
	"integration.listening.interrupted": { subject: "integration", trigger: false },
	"subscription.created": { subject: "subscription", trigger: false },
	"subscription.updated": { subject: "subscription", trigger: false },
	"subscription.enabled": { subject: "subscription", trigger: false },
	"subscription.disabled": { subject: "subscription", trigger: false },
	"subscription.deleted": { subject: "subscription", trigger: false },
	"subscription.tested": { subject: "subscription", trigger: false },
	"subscription.replay.started": { subject: "subscription", trigger: false },
	"subscription.replay.ended": { subject: "subscription", trigger: false },
	"agent.request.created": { subject: "request", trigger: true },
	"agent.request.dispatched": { subject: "request", trigger: false },
	"agent.request.working": { subject: "request", trigger: false },
	"agent.request.progressed": { subject: "request", trigger: false },
	"agent.request.input.required": { subject: "request", trigger: false },
	"agent.request.replied": { subject: "request", trigger: false },
	"agent.request.reopened": { subject: "request", trigger: false },
	"agent.request.completed": { subject: "request", trigger: false },
	"agent.request.rejected": { subject: "request", trigger: false },
	"agent.request.failed": { subject: "request", trigger: false },
	"agent.request.expired": { subject: "request", trigger: false },
	"agent.request.cancelled": { subject: "request", trigger: false },
	"agent.response.received": { subject: "response", trigger: true },
	"agent.response.applied": { subject: "response", trigger: false },
	"agent.decision.requested": { subject: "decision", trigger: false },
	"agent.decision.decided": { subject: "decision", trigger: false },
	"agent.decision.expired": { subject: "decision", trigger: false },
	"agent.decision.cancelled": { subject: "decision", trigger: false },
	"agent.decision.lapsed": { subject: "decision", trigger: false },
	"agent.decision.escalated": { subject: "decision", trigger: false },
	"agent.decision.vote.received": { subject: "vote", trigger: true },
	"person.command.received": { subject: "command", trigger: true },
	"message.delivery.queued": { subject: "delivery", trigger: true },
	"message.delivery.delivered": { subject: "delivery", trigger: false },
	"message.delivery.acknowledged": { subject: "delivery", trigger: false },
	"message.delivery.held": { subject: "delivery", trigger: false },
	"message.delivery.revived": { subject: "delivery", trigger: false },
	"message.delivery.retrying": { subject: "delivery", trigger: false },
	"message.delivery.unknown": { subject: "delivery", trigger: false },
	"message.delivery.dead": { subject: "delivery", trigger: false },
	"message.delivery.cancelled": { subject: "delivery", trigger: true },
	"message.delivery.superseded": { subject: "delivery", trigger: true },
} as const satisfies Record<string, { subject: string; trigger: boolean }>;

export type EventType = keyof typeof eventCatalogue;
export const eventTypes = Object.keys(eventCatalogue) as EventType[];
export const triggerEventTypes = eventTypes.filter((type) => eventCatalogue[type].trigger);

/**
 * Everything that can be due later. When a timer is due, the relay pushes its type and subject to the engine like an event;
 * only the verb it wakes replaces or deletes it.
 */
export const timerCatalogue = {
	/** Stands behind `agent.request.created` until the request is dispatched. */
	"agent.request.dispatch.due": { subject: "request" },
	/** The request's deadline; stands as long as the request is open. */
	"agent.request.deadline.due": { subject: "request" },
	/** Stands behind `agent.response.received` until the response is applied. */
	"agent.response.record.due": { subject: "response" },
	/** The decision's deadline; stands until it has passed, or the decision is closed. */
	"agent.decision.expiry.due": { subject: "decision" },
	/** Stands behind `agent.decision.vote.received` until the vote has counted or been refused. */
	"agent.decision.vote.record.due": { subject: "vote" },
	/** Stands behind `person.command.received` until the answer has been left for whoever wrote the command. */
	"person.command.answer.due": { subject: "command" },
	/** The end of a claim's lease; stands until the claim has ended. */
	"node.claim.lease.due": { subject: "claim" },
	/** When an agent that promised to beat will have missed three beats; stands until it is gone. */
	"agent.absence.due": { subject: "agent" },
	/** Next attempt, end of lease, or end of a hold; stands as long as the delivery is open. */
	"message.delivery.due": { subject: "delivery" },
	/** When to look for an answer that has to be fetched; stands until it is there, or the request ends. */
	"message.delivery.collect.due": { subject: "delivery" },
	/** The next step of sending again what a subscription missed; stands until that has ended. */
	"subscription.replay.due": { subject: "subscription" },
	/** When an integration's previous secret stops to sign. */
	"integration.secret.expiry.due": { subject: "integration" },
	/** Stands behind `message.delivery.cancelled` and `.superseded` until the outside has been told. */
	"message.delivery.settle.due": { subject: "delivery" },
} as const satisfies Record<string, { subject: string }>;

export type TimerType = keyof typeof timerCatalogue;
export const timerTypes = Object.keys(timerCatalogue) as TimerType[];

/** Whatever can wake a workflow: a trigger event or a due timer. */
export type WakeType = EventType | TimerType;

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

export const events = {
	listEvents: endpoint({
		method: "GET",
		path: "/projects/{projectId}/events",
		summary: "What happened, in commit order; `cursor` is the last position seen",
		tag: "events",
		params: ProjectParams,
		query: PageQuery.extend({ cursor: z.coerce.number().int().min(0).default(0), subject_id: Id.optional() }),
		output: z.strictObject({ items: z.array(PlannerEvent), next_cursor: z.int() }),
	}),
};
