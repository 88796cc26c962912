import type { Decision, DecisionStatus } from "@agentplanner/contracts";
import { and, decisionRequests, eq, planNodes, plans, projects, type SQL, sql } from "@agentplanner/db";
import { type ProjectContext, userIdOf } from "../context.ts";
import { newestInProject } from "../pagination.ts";
import { inVisiblePlan } from "../plans/authorize-plan.ts";
import { tokenAgentId } from "../requests/addressee.ts";

export type DecisionRow = typeof decisionRequests.$inferSelect;

/** The names of where a decision belongs. */
export type Titles = { project: string; plan: string; node: string };

/** A decision with the names that people read. */
export type KnownDecision = { row: DecisionRow; titles: Titles; deciders: Decision["deciders"] };

type Filter = {
	id?: string;
	nodeId?: string | undefined;
	agentRequestId?: string | undefined;
	externalId?: string;
	status?: DecisionStatus | undefined;
	before?: string | null;
	only?: SQL;
	limit?: number;
};

const deciders = sql<Decision["deciders"]>`(
	select coalesce(jsonb_agg(jsonb_build_object('user_id', decider.id, 'name', decider.name) order by decider.name), '[]')
	from users decider where decider.id = any(${decisionRequests.deciderIds})
)`;

const given = <Value>(value: Value | undefined | null, where: (value: Value) => SQL): SQL | undefined =>
	value === undefined || value === null ? undefined : where(value);

/**
 * Decisions, newest first. A user sees those of the plans that they see, an agent's own token those that it asked for. The query is on
 * its way when the call returns.
 */
export const readDecisions = async (ctx: ProjectContext, filter: Filter): Promise<KnownDecision[]> => {
	const agentId = tokenAgentId(ctx);
	const { id, nodeId, agentRequestId, status, before = null } = filter;
	const narrowed = [agentId ?? undefined, id, nodeId, agentRequestId, status].some((value) => value !== undefined);
	const newest = newestInProject(decisionRequests, { projectId: ctx.projectId, before, narrowed });
	return ctx.db
		.select({
			row: decisionRequests,
			titles: { project: projects.name, plan: plans.title, node: planNodes.title },
			deciders,
		})
		.from(decisionRequests)
		.innerJoin(projects, eq(projects.id, decisionRequests.projectId))
		.innerJoin(plans, eq(plans.id, decisionRequests.planId))
		.innerJoin(planNodes, eq(planNodes.id, decisionRequests.nodeId))
		.where(
			and(
				newest.where,
				given(agentId, (asker) => eq(decisionRequests.askedByAgentId, asker)),
				given(userIdOf(ctx.actor), () => inVisiblePlan(ctx, decisionRequests.planId)),
				given(filter.id, (id) => eq(decisionRequests.id, id)),
				given(filter.nodeId, (id) => eq(decisionRequests.nodeId, id)),
				given(filter.agentRequestId, (id) => eq(decisionRequests.agentRequestId, id)),
				given(filter.externalId, (id) => eq(decisionRequests.externalId, id)),
				given(filter.status, (status) => eq(decisionRequests.status, status)),
				filter.only,
			),
		)
		.orderBy(...newest.orderBy)
		.limit(filter.limit ?? 1)
		.execute();
};
