import type { BlockCause, NodeStatus } from "@agentplanner/contracts";
import { and, eq, planNodes, sql } from "@agentplanner/db";
import { endClaimsWithNodes } from "../claims/end-claim.ts";
import type { ProjectContext, Tx } from "../context.ts";
import { watchWaiting } from "../dependencies/watch-waiting.ts";
import { emit } from "../emit.ts";

export type NodeRow = typeof planNodes.$inferSelect;

/** A node as it is now, and the status that it had. */
export type StatusChange = { node: NodeRow; from: NodeStatus };

/**
 * What a change of status has for consequence, in its own transaction. `change` is `changeStatus` itself, for those that change
 * the status of further nodes.
 */
type Consequence = (tx: Tx<ProjectContext>, changes: StatusChange[], change: typeof changeStatus) => Promise<void>;

const consequences: readonly Consequence[] = [endClaimsWithNodes];

/**
 * `blockedBy`: why it is set to `blocked`; unless a person does so, the node keeps in mind what it was (`blockedFrom`) until its status
 * changes again. `because`: what the event says beside the change.
 */
export type Manner = { blockedBy?: BlockCause; blockedFrom?: NodeStatus; because?: { decision_id?: string } };

/**
 * The one place where the status of nodes changes: updates those that don't have it yet, says so, and draws the consequences.
 * Answers with what it changed. A node that is no longer at the version given stays as it is and is left out; lock nodes first
 * (`lockNodes`) where that must not be.
 */
export const changeStatus = async (
	tx: Tx<ProjectContext>,
	nodes: readonly NodeRow[],
	status: NodeStatus,
	{ blockedBy = "person", blockedFrom, because = {} }: Manner = {},
): Promise<NodeRow[]> => {
	const others = nodes.filter((node) => node.status !== status);
	if (others.length === 0) return [];
	const ids = others.map(({ id }) => id);
	const versions = others.map(({ version }) => version);
	const unblock = status === "completed" || status === "cancelled" ? await watchWaiting(tx, ids, changeStatus) : null;
	const updated = await tx.db
		.update(planNodes)
		.set({
			status,
			blockedBy: status === "blocked" ? blockedBy : null,
			blockedFrom: status === "blocked" && blockedBy !== "person" ? (blockedFrom ?? sql`${planNodes.status}`) : null,
			version: sql`${planNodes.version} + 1`,
			updatedAt: sql`now()`,
		})
		.where(
			and(
				eq(planNodes.projectId, tx.projectId),
				sql`(${planNodes.id}, ${planNodes.version}) in (select * from unnest(${sql.param(ids)}::uuid[], ${sql.param(versions)}::integer[]))`,
			),
		)
		.returning();
	const formerly = new Map(others.map((node) => [node.id, node.status]));
	const changes = updated.map((node) => ({ node, from: formerly.get(node.id) ?? node.status }));
	emit(
		tx,
		...changes.map(({ node, from }) => ({
			type: "node.status.changed" as const,
			subjectId: node.id,
			data: { plan_id: node.planId, from, to: status, ...because },
		})),
	);
	for (const draw of consequences) await draw(tx, changes, changeStatus);
	await unblock?.();
	return updated;
};
