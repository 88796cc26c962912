import type { z } from "zod";
import { agentEvents } from "./agents.ts";
import { commentEvents } from "./comments.ts";
import { decisionEvents } from "./decisions.ts";
import type { EventDefinition } from "./define.ts";
import { deliveryEvents } from "./deliveries.ts";
import { goalEvents } from "./goals.ts";
import { integrationEvents } from "./integrations.ts";
import { nodeEvents } from "./nodes.ts";
import { planEvents } from "./plans.ts";
import { projectEvents } from "./projects.ts";
import { replayEvents } from "./replays.ts";
import { requestEvents } from "./requests.ts";
import { subscriptionEvents } from "./subscriptions.ts";
import { userEvents } from "./users.ts";

/** Most bytes an event's or timer's data may have as JSON: engines carry ids, rows hold the content. */
export const maxEventDataBytes = 65_536;

/**
 * Every kind of fact, with what it is about and what it carries. Names in lower case with dots only: `_` and `*` are wildcards to Hatchet.
 * `data` goes out to whoever subscribes: ids and small facts, never a secret nor what people or agents wrote, but for names and titles.
 */
export const eventCatalogue = {
	...userEvents,
	...projectEvents,
	...planEvents,
	...nodeEvents,
	...commentEvents,
	...goalEvents,
	...agentEvents,
	...integrationEvents,
	...requestEvents,
	...decisionEvents,
	...deliveryEvents,
	...replayEvents,
	...subscriptionEvents,
} satisfies Record<string, EventDefinition>;

export type EventType = keyof typeof eventCatalogue;
export const eventTypes = Object.keys(eventCatalogue) as EventType[];
export const triggerEventTypes = eventTypes.filter((type) => eventCatalogue[type].trigger);

/** What an event of this type carries. */
export type EventData<Type extends EventType> = z.input<(typeof eventCatalogue)[Type]["data"]>;
