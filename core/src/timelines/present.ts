import { type TimelineItem, timelineGroupOf } from "@agentplanner/contracts";
import { type Named, titleKey } from "./read-titles.ts";

export type EventRow = {
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
};

type Titles = ReadonlyMap<string, string>;

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** Whom or what the event is about beside its subject. */
const otherIn = ({ type, subject_id, data }: EventRow): Named | null => {
	const named = (kind: string, value: unknown) => (typeof value === "string" ? { kind, id: value } : null);
	switch (type) {
		case "plan.owner.changed":
			return named("member", data.to);
		case "plan.collaborator.added":
		case "plan.collaborator.changed":
		case "plan.collaborator.removed":
			return named("member", data.user_id);
		case "node.dependency.added":
		case "node.dependency.removed":
			return named("linked", data.upstream_id === subject_id ? data.downstream_id : data.upstream_id);
		default:
			return null;
	}
};

/** What of the event has a title to be read. */
export const namedIn = (row: EventRow): Named[] => {
	const { subject_type, subject_id, plan_id, node_id, actor } = row;
	return [
		{ kind: subject_type, id: subject_id },
		{ kind: "plan", id: plan_id },
		{ kind: "node", id: node_id },
		{ kind: "integration", id: textOf(actor.integrationId) },
		otherIn(row),
	].filter((named): named is Named => named !== null && named.id !== null);
};

const actorOf = ({ actor }: EventRow, titles: Titles): TimelineItem["actor"] => {
	const name = textOf(actor.name);
	const [userId, agentId, integrationId] = [textOf(actor.userId), textOf(actor.agentId), textOf(actor.integrationId)];
	if (userId !== null) return { kind: "user", id: userId, name: name ?? "Somebody" };
	if (agentId !== null || actor.type === "agent") return { kind: "agent", id: agentId, name: name ?? "An agent" };
	if (integrationId !== null)
		return {
			kind: "integration",
			id: integrationId,
			name: titles.get(titleKey({ kind: "integration", id: integrationId })) ?? "An integration",
		};
	return { kind: "system", id: null, name: "AgentPlanner" };
};

const named = (kind: string, id: string | null, titles: Titles) => {
	const title = id === null ? undefined : titles.get(titleKey({ kind, id }));
	return id === null || title === undefined ? null : { id, title };
};

const presentOther = (row: EventRow, titles: Titles): TimelineItem["other"] => {
	const other = otherIn(row);
	return other && { id: other.id, title: titles.get(titleKey(other)) ?? null };
};

export const presentItem = (row: EventRow, titles: Titles): TimelineItem => ({
	id: row.id,
	position: Number(row.position),
	type: row.type,
	group: timelineGroupOf(row.subject_type),
	occurred_at: new Date(row.occurred_at).toISOString(),
	actor: actorOf(row, titles),
	subject: {
		type: row.subject_type,
		id: row.subject_id,
		title: titles.get(titleKey({ kind: row.subject_type, id: row.subject_id })) ?? null,
	},
	other: presentOther(row, titles),
	plan: named("plan", row.plan_id, titles),
	node: named("node", row.node_id, titles),
	agent_request_id: row.subject_type === "request" ? row.subject_id : textOf(row.data.agent_request_id),
	data: row.data,
});
