import type { NodeStatus } from "@agentplanner/contracts";
import { and, asc, eq, inArray, isNotNull, planNodes, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { blockersOf, isFinished } from "./finished.ts";
import { lockDependencies } from "./lock-dependencies.ts";

type NodeRow = typeof planNodes.$inferSelect;
/** `changeStatus` of core/src/plans, which calls this itself. */
export type ChangeStatus = (tx: Tx<ProjectContext>, nodes: NodeRow[], status: NodeStatus) => Promise<unknown>;

/**
 * Before nodes are closed, deleted or moved: notes what waits for them or for the phases above them. Call what it returns after
 * the change, in the same transaction: nodes that wait for nothing more are unblocked (`node.unblocked`; of a phase it stands for all
 * below it), and those that were `blocked` for that reason alone get back the status they had.
 *
 * Take it before the nodes' own locks where there is a choice: of two who finish the last two things that a node waits for, one must
 * see what the other did.
 */
export const watchWaiting = async (tx: Tx<ProjectContext>, nodeIds: readonly string[], changeStatus: ChangeStatus) => {
	const held = await findHeldUp(tx, nodeIds);
	if (held.length > 0) await lockDependencies(tx);
	return () => unblock(tx, held, changeStatus);
};

type HeldUp = { upstream_id: string; downstream_id: string };

const findHeldUp = async (tx: Tx<ProjectContext>, nodeIds: readonly string[]): Promise<HeldUp[]> => {
	const { rows } = await tx.db.execute<HeldUp>(sql`
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
		where not (${isFinished("upstream")})`);
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
 * Gives those of the nodes, and of all below them, that are `blocked` only as long as something holds them back the status they had,
 * where nothing does any more: neither what they wait for nor a decision.
 */
export const releaseBlocked = async (tx: Tx<ProjectContext>, nodeIds: readonly string[], changeStatus: ChangeStatus): Promise<void> => {
	const blocked = await lockReleasable(tx, nodeIds);
	for (const status of ["not_started", "in_progress"] as const) {
		const back = blocked.filter(({ statusBeforeBlock }) => statusBeforeBlock === status);
		if (back.length > 0) await changeStatus(tx, back, status);
	}
};

const lockReleasable = async (tx: Tx<ProjectContext>, nodeIds: readonly string[]): Promise<NodeRow[]> => {
	const { rows } = await tx.db.execute<{ id: string }>(sql`
		with recursive below as (
			select id, plan_id from plan_nodes where project_id = ${tx.projectId} and id = any(${sql.param([...nodeIds])}::uuid[])
			union
			select child.id, child.plan_id from below join plan_nodes child on child.plan_id = below.plan_id and child.parent_id = below.id
		)
		select node.id from below join plan_nodes node on node.id = below.id
		where node.deleted_at is null and node.status_before_block is not null and not exists (${blockersOf("node")})
			and not exists (select from decision_requests decision where decision.node_id = node.id and decision.status = 'pending')`);
	return rows.length === 0
		? []
		: tx.db
				.select()
				.from(planNodes)
				.where(
					and(
						eq(planNodes.projectId, tx.projectId),
						inArray(
							planNodes.id,
							rows.map(({ id }) => id),
						),
						isNotNull(planNodes.statusBeforeBlock),
					),
				)
				.orderBy(asc(planNodes.id))
				.for("no key update");
};
