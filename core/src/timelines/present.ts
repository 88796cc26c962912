import { type TimelineItem, timelineGroupOf } from "@agentplanner/contracts";

/** What the query answers: of one that found nothing the ids are null. */
export type TimelineRow = {
	id: string;
	position: string;
	type: string;
	subject_type: string;
	subject_id: string;
	data: Record<string, unknown>;
	actor: Record<string, unknown>;
	occurred_at: Date | string;
	plan_id: string | null;
	node_id: string | null;
	plan_title: string | null;
	node_title: string | null;
	subject_title: string | null;
	integration_name: string | null;
	scan_end: string | null;
};

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

const actorOf = ({ actor, integration_name }: TimelineRow): TimelineItem["actor"] => {
	const name = textOf(actor.name);
	const [userId, agentId, integrationId] = [textOf(actor.userId), textOf(actor.agentId), textOf(actor.integrationId)];
	if (userId !== null) return { kind: "user", id: userId, name: name ?? "Somebody" };
	if (agentId !== null || actor.type === "agent") return { kind: "agent", id: agentId, name: name ?? "An agent" };
	if (integrationId !== null) return { kind: "integration", id: integrationId, name: integration_name ?? "An integration" };
	return { kind: "system", id: null, name: "AgentPlanner" };
};

const named = (id: string | null, title: string | null) => (id === null || title === null ? null : { id, title });

export const presentItem = (row: TimelineRow): TimelineItem => ({
	id: row.id,
	position: Number(row.position),
	type: row.type,
	group: timelineGroupOf(row.subject_type),
	occurred_at: new Date(row.occurred_at).toISOString(),
	actor: actorOf(row),
	subject: { type: row.subject_type, id: row.subject_id, title: row.subject_title },
	plan: named(row.plan_id, row.plan_title),
	node: named(row.node_id, row.node_title),
	agent_request_id: row.subject_type === "request" ? row.subject_id : textOf(row.data.agent_request_id),
	data: row.data,
});
