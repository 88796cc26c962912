import type { CreateNodeInput, PlanNode } from "@agentplanner/contracts";
import { and, desc, eq, isNull, planNodes, plans, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { NotFoundError, UnprocessableError } from "../errors.ts";
import { positionAfter } from "./position.ts";
import { presentNode } from "./present.ts";

const maxDepth = 20;

/**
 * Appends a node after its last sibling. Throws NotFoundError without the plan, ForbiddenError below editor, and
 * UnprocessableError for a parent that is not in this plan or lies too deep.
 */
export const createNode = async (ctx: ProjectContext, planId: string, input: CreateNodeInput): Promise<PlanNode> => {
	await authorize(ctx, "plans:write");
	return inTransaction(ctx, async (tx) => {
		await lockPlan(tx, planId);
		await assertParent(tx, planId, input.parent_id);
		const [node] = await tx.db
			.insert(planNodes)
			.values({
				projectId: ctx.projectId,
				planId,
				parentId: input.parent_id,
				kind: input.kind,
				title: input.title,
				position: positionAfter(await lastPosition(tx, planId, input.parent_id)),
				agentInstructions: input.agent_instructions,
				acceptanceCriteria: input.acceptance_criteria,
				dueAt: input.due_at === null ? null : new Date(input.due_at),
			})
			.returning();
		if (!node) throw new Error("The insert returned no node.");
		emit(tx, {
			type: "node.created",
			subjectId: node.id,
			data: { plan_id: planId, parent_id: node.parentId, kind: node.kind, title: node.title },
		});
		return presentNode(node);
	});
};

/** Two nodes added at once take turns, so that each sees the other's position; readers and edits of nodes don't wait. */
const lockPlan = async (tx: Tx<ProjectContext>, planId: string) => {
	const [plan] = await tx.db
		.select({ id: plans.id })
		.from(plans)
		.where(and(eq(plans.projectId, tx.projectId), eq(plans.id, planId)))
		.for("no key update");
	if (!plan) throw new NotFoundError("plan");
};

const assertParent = async (tx: Tx<ProjectContext>, planId: string, parentId: string | null) => {
	if (parentId === null) return;
	const { rows } = await tx.db.execute<{ depth: number }>(sql`
		with recursive path as (
			select parent_id, 1 as depth from plan_nodes
			where project_id = ${tx.projectId} and plan_id = ${planId} and id = ${parentId}
			union all
			select node.parent_id, path.depth + 1 from plan_nodes node
			join path on node.id = path.parent_id
			where path.depth < ${maxDepth}
		)
		select max(depth) as depth from path having count(*) > 0`);
	const parent = rows[0];
	if (!parent)
		throw new UnprocessableError("The parent is not in this plan. Choose one of its nodes, or none for the top level.", [
			{ field: "body.parent_id", message: "is not a node of this plan" },
		]);
	if (parent.depth >= maxDepth)
		throw new UnprocessableError(`A plan is at most ${maxDepth} levels deep. Choose a parent further up.`, [
			{ field: "body.parent_id", message: `lies on level ${maxDepth}, the deepest there is` },
		]);
};

const lastPosition = async (tx: Tx<ProjectContext>, planId: string, parentId: string | null) => {
	const [last] = await tx.db
		.select({ position: planNodes.position })
		.from(planNodes)
		.where(and(eq(planNodes.planId, planId), parentId === null ? isNull(planNodes.parentId) : eq(planNodes.parentId, parentId)))
		.orderBy(desc(planNodes.position))
		.limit(1);
	return last?.position ?? null;
};
