import type { PlanOverview, PlanStatus } from "@agentplanner/contracts";
import { and, desc, eq, getTableColumns, lt, plans, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { deletedPlans, given, readProjectRole, roleInPlan, standing, visiblePlans } from "./authorize-plan.ts";
import { presentPlan } from "./present.ts";
import { progressIn, readProgress } from "./progress.ts";

type Query = PageInput & { status?: PlanStatus | undefined; deleted?: boolean | undefined };

/**
 * One page of the project's plans that one may see with their progress, newest first; in one status if asked. `deleted`: instead those in the bin, which
 * one may restore. Throws InvalidInputError for a cursor that is none.
 */
export const listPlans = async (ctx: ProjectContext, query: Query): Promise<{ items: PlanOverview[]; next_cursor: string | null }> => {
	const projectRole = await readProjectRole(ctx, "plans:read");
	const before = cursorId(query);
	const rows = await ctx.db
		.select({ ...getTableColumns(plans), ...standing(given(ctx)), lastActivityAt })
		.from(plans)
		.where(
			and(
				eq(plans.projectId, ctx.projectId),
				query.deleted ? deletedPlans(ctx) : visiblePlans(ctx),
				query.status === undefined ? undefined : eq(plans.status, query.status),
				before === null ? undefined : lt(plans.id, before),
			),
		)
		.orderBy(desc(plans.id))
		.limit(query.limit + 1);
	const progress = await readProgress(
		ctx,
		rows.map(({ id }) => id),
	);
	return toPage(rows, query.limit, (row) => {
		const role = roleInPlan(ctx.actor, projectRole, row);
		if (!role) throw new Error(`Plan ${row.id} was listed for somebody who doesn't see it.`);
		return {
			...presentPlan({ ...row, role }),
			progress: progressIn(progress, row.id),
			last_activity_at: row.lastActivityAt.toISOString(),
		};
	});
};

/** Of the newest event on its timeline, read as that is: as a range over both columns of its index. */
const lastActivityAt = sql<Date>`greatest(${plans.updatedAt}, (
	select occurred_at from events
	where plan_id is not null and (plan_id, position) >= (plans.id, 0) and (plan_id, position) < (plans.id, ${Number.MAX_SAFE_INTEGER}::bigint)
	order by plan_id desc, position desc limit 1
))`.mapWith(plans.updatedAt);
