import { patternMatches } from "@agentplanner/contracts";
import type { events, webhookSubscriptions } from "@agentplanner/db";
import { holds } from "./condition.ts";

export type Filter = Pick<
	typeof webhookSubscriptions.$inferSelect,
	"id" | "projectId" | "integrationId" | "types" | "planIds" | "condition" | "fromPosition"
>;
export type SelectableEvent = Pick<typeof events.$inferSelect, "id" | "projectId" | "type" | "planId" | "data"> & { position: number };

/**
 * What sending an event has caused is sent to nobody: a receiver that refuses the word of its own refusals would get them for ever, and
 * two of them would tell each other.
 */
const isEcho = ({ data }: SelectableEvent): boolean => typeof data.subscription_id === "string";

/** Whether the subscription wants the event. What it may not see of private plans is left out where it is written (`start-delivering.ts`). */
const wants = ({ projectId, types, planIds, condition, fromPosition }: Filter, event: SelectableEvent): boolean =>
	projectId === event.projectId &&
	event.position > fromPosition &&
	(planIds === null || (event.planId !== null && planIds.includes(event.planId))) &&
	types.some((pattern) => patternMatches(pattern, event.type)) &&
	holds(condition, event.data);

export type Match = { subscriptionId: string; event: SelectableEvent };

/** Which of the events each subscription wants, in the order of the events. */
export const selectEvents = (filters: readonly Filter[], batch: readonly SelectableEvent[]): Match[] =>
	filters.length === 0
		? []
		: batch
				.filter((event) => !isEcho(event))
				.flatMap((event) => filters.filter((filter) => wants(filter, event)).map(({ id }) => ({ subscriptionId: id, event })));
