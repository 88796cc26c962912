import type { EventType } from "./events/catalogue.ts";

/**
 * Everything that can be due later. When a timer is due, the relay pushes its type and subject to the engine like an event;
 * only the verb it wakes replaces or deletes it.
 */
export const timerCatalogue = {
	/** Stands behind `agent.request.created` until the request is dispatched. */
	"agent.request.dispatch.due": { subject: "request" },
	/** The request's deadline; stands as long as the request is open. */
	"agent.request.deadline.due": { subject: "request" },
	/** The next step of its ladder; stands as long as the request is open and has one before its deadline. */
	"agent.request.ladder.due": { subject: "request" },
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
	/** The next step of sending a subscription what it missed; stands until that has ended. */
	"subscription.replay.due": { subject: "subscription" },
	/** The next step of sending again what gave up; stands as long as the replay runs. */
	"delivery.replay.due": { subject: "replay" },
	/** When an integration's previous secret stops to sign. */
	"integration.secret.expiry.due": { subject: "integration" },
	/** Stands behind `message.delivery.cancelled` and `.superseded` until the outside has been told. */
	"message.delivery.settle.due": { subject: "delivery" },
} as const satisfies Record<string, { subject: string }>;

export type TimerType = keyof typeof timerCatalogue;
export const timerTypes = Object.keys(timerCatalogue) as TimerType[];

/** Whatever can wake a workflow: a trigger event or a due timer. */
export type WakeType = EventType | TimerType;
