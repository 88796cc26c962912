import { type SQL, sql } from "@agentplanner/db";

/** What an event names of where it happened: any of these leads to the node and the plan on whose timelines it stands. */
export type Place = { plan_id: string | null; node_id: string | null; agent_request_id: string | null; decision_id: string | null };

/** The event's own subject, or what its data names. */
export const placeOf = (subject: string, subjectId: string, data: Record<string, unknown>): Place => {
	const named = (own: string, key: keyof Place): string | null => {
		if (subject === own) return subjectId;
		const value = data[key];
		return typeof value === "string" ? value : null;
	};
	return {
		plan_id: named("plan", "plan_id"),
		node_id: named("node", "node_id"),
		agent_request_id: named("request", "agent_request_id"),
		decision_id: named("decision", "decision_id"),
	};
};

/**
 * For a row `event` that has a `Place` and its subject; read with the COMMIT, so that what the same transaction has made is found. What
 * tells people of a decision belongs where that does, whether the event names it or not.
 */
export const nodeIdOfPlace: SQL = sql`coalesce(
	event.node_id,
	(select node_id from agent_requests where id = event.agent_request_id),
	(select node_id from decision_requests where id = event.decision_id),
	case when event.subject_type = 'delivery' then (
		select decision.node_id from message_deliveries delivery
		join decision_requests decision on decision.id = delivery.decision_id
		where delivery.id = event.subject_id
	) end
)`;

export const planIdOfPlace: SQL = sql`coalesce(event.plan_id, (select plan_id from plan_nodes where id = ${nodeIdOfPlace}))`;
