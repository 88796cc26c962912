import type { PlanChange } from "@agentplanner/contracts";
import { and, desc, eq, isNull, type PlanChangeSteps, planChanges, sql } from "@agentplanner/db";
import { actorName, type ProjectContext, type Tx } from "../context.ts";
import type { NodeRow } from "./change-status.ts";

export type PlanChangeRow = typeof planChanges.$inferSelect;

/** Notes how to undo what is done to these nodes of a locked plan; the first gives it its title. */
export const recordChange = async (
	tx: Tx<ProjectContext>,
	nodes: readonly Pick<NodeRow, "planId" | "title">[],
	steps: PlanChangeSteps,
): Promise<PlanChangeRow> => {
	const { actor } = tx;
	const [first] = nodes;
	if (!first) throw new Error("A change is about at least one node.");
	const [change] = await tx.db
		.insert(planChanges)
		.values({
			projectId: tx.projectId,
			planId: first.planId,
			kind: steps.kind,
			nodes: nodes.length,
			title: first.title,
			steps,
			madeBy: actorName(actor),
			madeByUserId: "userId" in actor ? actor.userId : null,
			madeByAgentId: "agentId" in actor ? actor.agentId : null,
		})
		.returning();
	if (!change) throw new Error("The insert returned no change.");
	return change;
};

/** The plan's newest change that was not undone; null without one. */
export const findLastChange = async (ctx: ProjectContext, planId: string): Promise<PlanChangeRow | null> => {
	const [last] = await ctx.db
		.select()
		.from(planChanges)
		.where(and(eq(planChanges.projectId, ctx.projectId), eq(planChanges.planId, planId), isNull(planChanges.undoneAt)))
		.orderBy(desc(planChanges.id))
		.limit(1);
	return last ?? null;
};

/** Marks it as undone by whoever acts. */
export const closeChange = async (tx: Tx<ProjectContext>, id: string): Promise<PlanChangeRow> => {
	const { actor } = tx;
	const [closed] = await tx.db
		.update(planChanges)
		.set({ undoneAt: sql`now()`, undoneBy: actorName(actor), undoneByUserId: "userId" in actor ? actor.userId : null })
		.where(and(eq(planChanges.projectId, tx.projectId), eq(planChanges.id, id), isNull(planChanges.undoneAt)))
		.returning();
	if (!closed) throw new Error(`The change ${id} was undone under the plan's lock.`);
	return closed;
};

export const presentChange = (row: PlanChangeRow): PlanChange => ({
	id: row.id,
	plan_id: row.planId,
	kind: row.kind,
	nodes: row.nodes,
	title: row.title,
	made_by: row.madeBy,
	made_at: row.createdAt.toISOString(),
	undone_by: row.undoneBy,
	undone_at: row.undoneAt?.toISOString() ?? null,
});
