import type { NodeStatus } from "@agentplanner/contracts";
import { and, asc, decisionRequests, eq, inArray, planNodes, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { isLiveNode } from "../plans/live-nodes.ts";
import { blockersOf, isFinished } from "./finished.ts";
import { keepDependencies, lockUnblocking } from "./lock-dependencies.ts";

type NodeRow = typeof planNodes.$inferSelect;
/** `changeStatus` of core/src/plans, which calls this itself. */
export type ChangeStatus = (tx: Tx<ProjectContext>, nodes: NodeRow[], status: NodeStatus) => Promise<unknown>;

/**
 * Before nodes are closed, deleted or moved: notes what waits for them or for the phases above them. Call what it returns after
 * the change, in the same transaction: nodes that wait for nothing more are unblocked (`node.unblocked`; of a phase it stands for all
 * below it), and those that were `blocked` for that reason alone get back the status they had.
 *
 * Of two who finish the last two things that a node waits for, one must see what the other did: so they take turns. Whoever locks
 * the nodes first calls `lockHeldUp` before that, so that nobody waits in a circle; so does whoever locks several, whatever for: what
 * one of them holds up may be another one, which is locked here when that one is finished.
 */
export const watchWaiting = async (tx: Tx<ProjectContext>, nodeIds: readonly string[], changeStatus: ChangeStatus) => {
	const held = await lockHeldUp(tx, nodeIds);
	return () => unblock(tx, held, changeStatus);
};

/**
 * What waits for these nodes or the phases above them, which nobody else lets go on now; nothing more begins to wait for them. Before the
 * nodes' own locks.
 */
export const lockHeldUp = async (tx: Tx<ProjectContext>, nodeIds: readonly string[]): Promise<HeldUp[]> => {
	// In one packet; what is read is read behind the lock.
	const [, held] = await Promise.all([keepDependencies(tx), findHeldUp(tx, nodeIds)]);
	if (held.length > 0) await lockUnblocking(tx);
	return held;
};

type HeldUp = { upstream_id: string; downstream_id: string };

const findHeldUp = async (tx: Tx<ProjectContext>, nodeIds: readonly string[]): Promise<HeldUp[]> => {
	const { rows } = await tx.db
		.execute<HeldUp>(sql`
		with recursive path as (
			select id, parent_id from plan_nodes where project_id = ${tx.projectId} and id = any(${sql.param([...nodeIds])}::uuid[])
			union
			select above.id, above.parent_id from path join plan_nodes above on above.id = path.parent_id
		)
		select dependency.upstream_id, dependency.downstream_id
		from path
		join plan_node_dependencies dependency
			on dependency.project_id = ${tx.projectId} and dependency.upstream_id = path.id and dependency.kind = 'blocks'
		join plan_nodes upstream on upstream.id = path.id and upstream.deleted_at is null
		where not (${isFinished("upstream")})`)
		.execute();
	return rows;
};

const unblock = async (tx: Tx<ProjectContext>, held: HeldUp[], changeStatus: ChangeStatus): Promise<void> => {
	if (held.length === 0) return;
	const { rows: freed } = await tx.db.execute<{ id: string; plan_id: string }>(sql`
		select node.id, node.plan_id from plan_nodes node
		where node.project_id = ${tx.projectId} and node.id = any(${sql.param(held.map(({ downstream_id }) => downstream_id))}::uuid[])
			and node.deleted_at is null and node.status not in ('completed', 'cancelled') and not exists (${blockersOf("node")})
		order by node.id`);
	if (freed.length === 0) return;
	const waitedFor = (id: string) => held.flatMap(({ upstream_id, downstream_id }) => (downstream_id === id ? [upstream_id] : []));
	emit(
		tx,
		...freed.map(({ id, plan_id }) => ({
			type: "node.unblocked" as const,
			subjectId: id,
			data: { plan_id, node_id: id, upstream_ids: waitedFor(id) },
		})),
	);
	await releaseBlocked(
		tx,
		freed.map(({ id }) => id),
		changeStatus,
	);
};

/**
 * Gives those of the nodes, and of all below them, that are blocked by dependencies alone and wait for nothing more what they were. One
 * about which a blocking decision is pending stays blocked, by that from now on.
 */
export const releaseBlocked = async (tx: Tx<ProjectContext>, nodeIds: readonly string[], changeStatus: ChangeStatus): Promise<void> => {
	const released = await lockReleased(tx, nodeIds);
	const undecided = released.filter(({ isUndecided }) => isUndecided).map(({ node }) => node.id);
	if (undecided.length > 0) await tx.db.update(planNodes).set({ blockedBy: "decision" }).where(inArray(planNodes.id, undecided));
	for (const status of ["not_started", "in_progress"] as const) {
		const back = released.filter(({ node, isUndecided }) => !isUndecided && node.blockedFrom === status);
		if (back.length > 0)
			await changeStatus(
				tx,
				back.map(({ node }) => node),
				status,
			);
	}
};

const lockReleased = async (tx: Tx<ProjectContext>, nodeIds: readonly string[]): Promise<{ node: NodeRow; isUndecided: boolean }[]> => {
	const { rows } = await tx.db.execute<{ id: string }>(sql`
		with recursive below as (
			select id, plan_id from plan_nodes where project_id = ${tx.projectId} and id = any(${sql.param([...nodeIds])}::uuid[])
			union
			select child.id, child.plan_id from below join plan_nodes child on child.plan_id = below.plan_id and child.parent_id = below.id
		)
		select node.id from below join plan_nodes node on node.id = below.id
		where node.deleted_at is null and node.blocked_by = 'dependency' and not exists (${blockersOf("node")})`);
	if (rows.length === 0) return [];
	const ids = rows.map(({ id }) => id);
	const nodes = await tx.db
		.select()
		.from(planNodes)
		.where(and(eq(planNodes.projectId, tx.projectId), inArray(planNodes.id, ids), isLiveNode, eq(planNodes.blockedBy, "dependency")))
		.orderBy(asc(planNodes.id))
		.for("no key update");
	if (nodes.length === 0) return [];
	// Only now: whoever asks for a decision holds the node's lock while they do.
	const pending = await tx.db
		.selectDistinct({ nodeId: decisionRequests.nodeId })
		.from(decisionRequests)
		.where(and(inArray(decisionRequests.nodeId, ids), eq(decisionRequests.status, "pending"), eq(decisionRequests.urgency, "blocking")));
	const undecided = new Set(pending.map(({ nodeId }) => nodeId));
	return nodes.map((node) => ({ node, isUndecided: undecided.has(node.id) }));
};
