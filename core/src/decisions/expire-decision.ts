import { and, decisionRequests, eq, isNull, messageDeliveries, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { resolveWordOf } from "../requests/resolve-destinations.ts";
import { deleteTimers } from "../timers.ts";
import { closeDecision } from "./close-decision.ts";
import { queueNotifications } from "./queue-notifications.ts";
import { type KnownDecision, readDecisions } from "./read-decisions.ts";

const hasPassed = sql`expires_at <= now()`;

/** Applies the rule of a decision whose deadline has passed, once; does nothing otherwise. */
export const expireDecision = (ctx: ProjectContext, decisionId: string): Promise<void> =>
	inTransaction(ctx, async (tx) => {
		const [known] = await readDecisions(tx, { id: decisionId });
		if (known?.row.status !== "pending") return;
		const { onExpiry, urgency } = known.row;
		if (onExpiry === "reject" || onExpiry === "approve") await end(tx, known, onExpiry);
		else if (urgency === "informational") await end(tx, known, null);
		else await lapse(tx, known, onExpiry);
	});

const end = async (tx: Tx<ProjectContext>, { row }: KnownDecision, optionId: "approve" | "reject" | null): Promise<void> => {
	const nobody = { closedBy: null, closedByUserId: null, closedVia: null };
	const closed = await closeDecision(tx, row, { status: "expired", optionId, ...nobody, only: hasPassed });
	if (closed && optionId) await audit(tx, { type: "decision.expired", subjectId: row.id, data: { option_id: optionId } });
};

/** It goes on waiting; if it escalates, those who are told by the project's default routes hear of it, too, unless its plan is private. */
const lapse = async (tx: Tx<ProjectContext>, { row, titles }: KnownDecision, rule: "wait" | "escalate"): Promise<void> => {
	const [lapsed] = await tx.db
		.update(decisionRequests)
		.set({ lapsedAt: sql`now()`, updatedAt: sql`now()` })
		.where(and(eq(decisionRequests.id, row.id), eq(decisionRequests.status, "pending"), isNull(decisionRequests.lapsedAt), hasPassed))
		.returning({ id: decisionRequests.id });
	if (!lapsed) return;
	deleteTimers(tx, row.id, "agent.decision.expiry.due");
	const data = { decision_id: row.id, node_id: row.nodeId, agent_request_id: row.agentRequestId };
	emit(tx, { type: rule === "escalate" ? "agent.decision.escalated" : "agent.decision.lapsed", subjectId: row.id, data });
	if (rule === "wait") return;
	const [destinations, told] = await Promise.all([
		resolveWordOf(tx, { beyondPlanId: row.planId }),
		tx.db
			.select({ integrationId: messageDeliveries.integrationId, address: messageDeliveries.address })
			.from(messageDeliveries)
			.where(and(eq(messageDeliveries.decisionId, row.id), eq(messageDeliveries.kind, "decision"))),
	]);
	const isNew = (place: (typeof told)[number]) =>
		!told.some(({ integrationId, address }) => integrationId === place.integrationId && address === place.address);
	await queueNotifications(tx, row, titles, destinations.filter(isNew));
};
