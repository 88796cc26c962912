import type { EventType, eventCatalogue } from "@agentplanner/contracts";
import { and, desc, eq, events, gt, inArray, notInArray, planNodes, sql } from "@agentplanner/db";
import { type ProjectContext, type Tx, userIdOf } from "../context.ts";

type Deed = { by: string; title: string; did: string };

const deeds: Partial<Record<EventType, string>> = {
	"node.updated": "edited",
	"node.status.changed": "set the status of",
	"node.claimed": "claimed",
	"node.logged": "logged work on",
	"comment.created": "commented on",
	"agent.request.created": "asked about",
	"agent.response.received": "answered about",
	"agent.decision.requested": "asked for a decision on",
	"agent.decision.decided": "decided on",
};

/** What is noted as a change of the plan itself, or follows from work elsewhere. */
const noWork: EventType[] = ["node.created", "node.moved", "node.deleted", "node.restored", "node.unblocked"];
const workedOn = ["node", "comment", "log", "request", "response", "decision", "vote", "goal"] satisfies Subject[];
type Subject = (typeof eventCatalogue)[EventType]["subject"];

/** What somebody other than who acts has done on these nodes since the change; the newest, or null without any. */
export const findOthersWork = async (tx: Tx<ProjectContext>, nodeIds: string[], changeId: string): Promise<Deed | null> => {
	const { actor } = tx;
	const self = userIdOf(actor) ?? ("agentId" in actor ? actor.agentId : null);
	const [last] = await tx.db
		.select({ type: events.type, by: sql<string | null>`${events.actor}->>'name'`, title: planNodes.title })
		.from(events)
		.innerJoin(planNodes, eq(planNodes.id, events.nodeId))
		.where(
			and(
				sql`${events.nodeId} = any(${sql.param(nodeIds)}::uuid[])`,
				gt(events.id, changeId),
				inArray(events.subjectType, workedOn),
				notInArray(events.type, noWork),
				sql`${events.actor}->>'type' <> 'system'`,
				sql`coalesce(${events.actor}->>'userId', ${events.actor}->>'agentId') is distinct from ${self}`,
			),
		)
		// A status often follows from what else was done at that moment, which says more.
		.orderBy(sql`${events.type} = 'node.status.changed'`, desc(events.id))
		.limit(1);
	return last ? { by: last.by ?? "Somebody", title: last.title, did: deeds[last.type as EventType] ?? "worked on" } : null;
};
