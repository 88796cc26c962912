import { openRequestStatuses } from "@agentplanner/contracts";
import { and, eq, plans, sql } from "@agentplanner/db";
import { type Context, inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { lockMembers } from "../members/lock-members.ts";
import { endPlanlessGuests } from "../sharing/end-planless-guests.ts";
import { isPastBin } from "./bin.ts";
import { forgetNodes } from "./forget-nodes.ts";

const plansAtOnce = 20;
const nodesAtOnce = 500;
/** So long a run goes on, well within its workflow's time; the next one takes up what is left. */
const longestMs = 10_000;

/**
 * Removes for good the plans that lay in the bin for 30 days, with all that hangs on them but for their events and audit entries: node
 * by node from the leaves up, in small transactions. A plan in which an answer is still awaited stays until that ends. Guests who have no
 * other plan leave the project. Answers with the number of plans.
 */
export const forgetDeletedPlans = async (ctx: Context): Promise<{ rowCount: number }> => {
	let rowCount = 0;
	const end = performance.now() + longestMs;
	const inTime = () => performance.now() < end;
	for (const { id, projectId } of await findForgotten(ctx)) {
		const inProject = { ...ctx, projectId };
		while (inTime() && (await forgetLeaves(inProject, id)) > 0);
		if (!inTime()) break;
		if (await forgetPlan(inProject, id)) rowCount += 1;
	}
	return { rowCount };
};

const findForgotten = ({ db }: Context) =>
	db
		.select({ id: plans.id, projectId: plans.projectId })
		.from(plans)
		.where(and(isPastBin, sql`not exists (${openRequestsIn(plans.id)})`))
		.orderBy(plans.deletedAt)
		.limit(plansAtOnce);

const openRequestsIn = (planId: unknown) =>
	sql`select from agent_requests request where request.plan_id = ${planId} and request.status = any(${sql.param([...openRequestStatuses])}::text[])`;

/** Answers with the number of nodes. */
const forgetLeaves = (ctx: ProjectContext, planId: string): Promise<number> =>
	// no event: plan.deleted said it, and nobody is told of upkeep
	inTransaction(ctx, async (tx) => {
		if (!(await lockForgotten(tx, planId))) return 0;
		const { rows } = await tx.db.execute<{ id: string }>(sql`
			select id from plan_nodes node
			where plan_id = ${planId}
				and not exists (select from plan_nodes child where child.plan_id = node.plan_id and child.parent_id = node.id)
			limit ${nodesAtOnce}`);
		return forgetNodes(
			tx,
			rows.map(({ id }) => id),
		);
	});

const forgetPlan = (ctx: ProjectContext, planId: string): Promise<boolean> =>
	inTransaction(ctx, async (tx) => {
		await lockMembers(tx);
		if (!(await lockForgotten(tx, planId))) return false;
		const { rows: guests } = await tx.db.execute<{ userId: string }>(sql`
			select user_id as "userId" from plan_collaborators where plan_id = ${planId}
			union select owner_user_id from plans where id = ${planId} and owner_user_id is not null`);
		await tx.db.delete(plans).where(eq(plans.id, planId));
		await endPlanlessGuests(
			tx,
			guests.map(({ userId }) => userId),
		);
		return true;
	});

/** Whoever takes it out of the bin, or waits for an answer in it anew, comes before or after. */
const lockForgotten = async (tx: Tx<ProjectContext>, planId: string): Promise<boolean> => {
	const [plan] = await tx.db
		.select({ id: plans.id })
		.from(plans)
		.where(and(eq(plans.projectId, tx.projectId), eq(plans.id, planId), isPastBin))
		.for("update");
	if (!plan) return false;
	// Asked behind the lock: an answer may be awaited by now that wasn't when the plan was found.
	const { rows } = await tx.db.execute(openRequestsIn(planId));
	return rows.length === 0;
};
