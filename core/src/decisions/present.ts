import { type Decision, type DecisionOption, viaName } from "@agentplanner/contracts";
import type { Context } from "../context.ts";
import type { DecisionRow, KnownDecision } from "./read-decisions.ts";

export const presentDecision = ({ row, titles, deciders }: KnownDecision): Decision => ({
	id: row.id,
	project_id: row.projectId,
	plan: { id: row.planId, title: titles.plan },
	node: { id: row.nodeId, title: titles.node },
	agent_request_id: row.agentRequestId,
	question: row.question,
	details: row.details,
	options: row.options,
	recommendation: row.recommendation,
	urgency: row.urgency,
	deciders,
	status: row.status,
	on_expiry: row.onExpiry,
	expires_at: row.expiresAt?.toISOString() ?? null,
	lapsed_at: row.lapsedAt?.toISOString() ?? null,
	asked_by: row.askedBy,
	asked_by_agent_id: row.askedByAgentId,
	option_id: row.optionId,
	comment: row.comment,
	closed_by: row.closedBy,
	closed_via: row.closedVia,
	closed_at: row.closedAt?.toISOString() ?? null,
	created_at: row.createdAt.toISOString(),
	updated_at: row.updatedAt.toISOString(),
});

/** What it came to; null while it is pending, and where it was cancelled. */
export const chosenOption = ({ options, optionId }: DecisionRow): DecisionOption | null =>
	options.find(({ id }) => id === optionId) ?? null;

/** How a decision ended, as one sentence. */
export const describeEnd = ({ adapterLabel }: Pick<Context, "adapterLabel">, row: DecisionRow): string => {
	const option = chosenOption(row)?.label;
	switch (row.status) {
		case "decided":
			return `Decided by ${row.closedBy} via ${viaName(row.closedVia ?? "", adapterLabel)}: ${option}.`;
		case "expired":
			return option === undefined
				? "Nobody had to decide, and its deadline has passed."
				: `Nobody decided before its deadline, so it ended as: ${option}.`;
		case "cancelled":
			return row.closedBy === null ? "Cancelled, since its request has ended." : `Cancelled by ${row.closedBy}.`;
		case "pending":
			return "Its deadline has just passed, so it ends by its rule now.";
	}
};
