import type { PlanNode, UpdateNodeInput } from "@agentplanner/contracts";
import { and, eq, planNodes, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext } from "../context.ts";
import { watchWaiting } from "../dependencies/watch-waiting.ts";
import { emit } from "../emit.ts";
import { assertVersion, lostRace } from "../version.ts";
import { authorizeNode } from "./authorize-plan.ts";
import { changeStatus } from "./change-status.ts";
import { writeLabels } from "./labels.ts";
import { presentNode } from "./present.ts";

/**
 * Changes the given fields; without any it changes nothing. Throws NotFoundError, ForbiddenError below editor, and
 * PreconditionFailedError when the node is no longer at `expectedVersion` (null: whatever it is at; then ConflictError when it is
 * changed at the same moment).
 */
export const updateNode = (
	ctx: ProjectContext,
	nodeId: string,
	input: UpdateNodeInput,
	expectedVersion: number | null,
): Promise<PlanNode> =>
	inTransaction(ctx, async (tx) => {
		const node = await authorizeNode(tx, "plans:write", nodeId);
		assertVersion(node.version, expectedVersion);
		if (Object.values(input).every((value) => value === undefined)) return presentNode(tx, node);
		// A phase is finished by what stands below it, so that something may wait for this no longer.
		const unblock = input.kind !== undefined && input.kind !== node.kind ? await watchWaiting(tx, [node.id], changeStatus) : null;
		const [updated] = await tx.db
			.update(planNodes)
			.set({
				title: input.title,
				kind: input.kind,
				description: input.description,
				context: input.context,
				taskMode: input.task_mode,
				agentInstructions: input.agent_instructions,
				acceptanceCriteria: input.acceptance_criteria,
				dueAt: typeof input.due_at === "string" ? new Date(input.due_at) : input.due_at,
				version: node.version + 1,
				updatedAt: sql`now()`,
			})
			.where(and(eq(planNodes.projectId, ctx.projectId), eq(planNodes.id, node.id), eq(planNodes.version, node.version)))
			.returning();
		if (!updated) throw lostRace("node", expectedVersion);
		if (input.labels) await writeLabels(tx, node, input.labels);
		emit(tx, { type: "node.updated", subjectId: node.id, data: { plan_id: node.planId, version: updated.version } });
		await unblock?.();
		return presentNode(tx, updated);
	});
