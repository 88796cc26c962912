import type { CreatedNode, CreateNodeInput } from "@agentplanner/contracts";
import { and, desc, eq, isNull, planNodes } from "@agentplanner/db";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { authorizePlan } from "./authorize-plan.ts";
import { writeLabels } from "./labels.ts";
import { assertRoomBelow, lockPlan, pathOfParent } from "./parent.ts";
import { recordChange } from "./plan-change.ts";
import { positionBetween } from "./position.ts";
import { presentNode } from "./present.ts";

/**
 * Appends a node after its last sibling. Throws NotFoundError without the plan, ForbiddenError below editor, and
 * UnprocessableError for a parent that is not in this plan or lies too deep.
 */
export const createNode = async (ctx: ProjectContext, planId: string, input: CreateNodeInput): Promise<CreatedNode> => {
	await authorizePlan(ctx, "plans:write", planId);
	return inTransaction(ctx, async (tx) => {
		await lockPlan(tx, planId);
		assertRoomBelow(await pathOfParent(tx, planId, input.parent_id), 1);
		const [node] = await tx.db
			.insert(planNodes)
			.values({
				projectId: ctx.projectId,
				planId,
				parentId: input.parent_id,
				kind: input.kind,
				title: input.title,
				position: positionBetween(await lastPosition(tx, planId, input.parent_id), null),
				description: input.description,
				context: input.context,
				taskMode: input.task_mode,
				agentInstructions: input.agent_instructions,
				acceptanceCriteria: input.acceptance_criteria,
				dueAt: input.due_at === null ? null : new Date(input.due_at),
			})
			.returning();
		if (!node) throw new Error("The insert returned no node.");
		await writeLabels(tx, node, input.labels);
		const change = await recordChange(tx, [node], { kind: "create", node_id: node.id });
		emit(tx, {
			type: "node.created",
			subjectId: node.id,
			data: { plan_id: planId, parent_id: node.parentId, kind: node.kind, title: node.title },
		});
		return { ...(await presentNode(tx, node)), change_id: change.id };
	});
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
