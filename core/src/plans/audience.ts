import type { PlanRole, Role } from "@agentplanner/contracts";
import { and, eq, plans, projectMembers, type SQL, sql } from "@agentplanner/db";
import { type Actor, type Context, userIdOf } from "../context.ts";
import { roleInPlan, type Standing } from "./authorize-plan.ts";

/** Plans, with all that `roleInPlan` wants to know of some members and agents. */
export type Audience = {
	/** The role that counts for an actor in one of the plans, also while it lies in the bin; null for whom it doesn't exist. */
	roleIn(actor: Actor, planId: string): Role | null;
	/** A member's role in the project; null for a stranger. */
	roleOf(userId: string): Role | null;
};

type Asked = { projectId: string; planIds: readonly string[]; userIds: readonly string[]; agentIds?: readonly string[] };

/** Who of many may do what in some plans, as of now, by the rule of `authorizePlan`: in one packet, however many there are. */
export const readAudience = async ({ db }: Context, { projectId, planIds, userIds, agentIds = [] }: Asked): Promise<Audience> => {
	const [members, found] = await Promise.all([
		db
			.select({ userId: projectMembers.userId, role: projectMembers.role })
			.from(projectMembers)
			.where(and(eq(projectMembers.projectId, projectId), isAmong(projectMembers.userId, userIds)))
			.execute(),
		db
			.select({
				id: plans.id,
				status: plans.status,
				visibility: plans.visibility,
				ownerUserId: plans.ownerUserId,
				deletedAt: plans.deletedAt,
				shared: sql<Record<string, PlanRole>>`(
					select coalesce(jsonb_object_agg(user_id, role), '{}') from plan_collaborators
					where plan_id = plans.id and ${isAmong(sql`user_id`, userIds)}
				)`,
				workers: sql<string[]>`array(
					select distinct assignment.agent_id from node_assignments assignment
					join plan_nodes node on node.id = assignment.node_id and node.deleted_at is null
					where assignment.plan_id = plans.id and ${isAmong(sql`assignment.agent_id`, agentIds)}
				)`,
			})
			.from(plans)
			.where(and(eq(plans.projectId, projectId), isAmong(plans.id, planIds)))
			.execute(),
	]);
	const roles = new Map(members.map(({ userId, role }) => [userId, role]));
	const known = new Map(found.map((plan) => [plan.id, plan]));
	return {
		roleOf: (userId) => roles.get(userId) ?? null,
		roleIn: (actor, planId) => {
			const { shared, workers, ...plan } = known.get(planId) ?? gone;
			const userId = userIdOf(actor);
			if (userId === null) {
				const worksThere = actor.type === "token" && actor.agentId !== null && workers.includes(actor.agentId);
				return roleInPlan(actor, "any", { ...plan, sharedRole: worksThere ? "editor" : null });
			}
			const role = roles.get(userId);
			return role ? roleInPlan(actor, role, { ...plan, sharedRole: shared[userId] ?? null }) : null;
		},
	};
};

/** Deleted for good: what happened there is left to who answers for the project. */
const gone: Omit<Standing, "sharedRole"> & { shared: Record<string, PlanRole>; workers: string[] } = {
	...{ status: "active", visibility: "private", ownerUserId: null, deletedAt: null },
	...{ shared: {}, workers: [] },
};

const isAmong = (column: SQL | typeof plans.id | typeof projectMembers.userId, ids: readonly string[]): SQL =>
	sql`${column} = any(${sql.param([...ids])}::uuid[])`;

/** Those of the members who see the plan. */
export const listWhoSee = async (
	ctx: Context & { projectId: string },
	planId: string,
	userIds: readonly string[],
): Promise<Set<string>> => {
	if (userIds.length === 0) return new Set();
	const audience = await readAudience(ctx, { projectId: ctx.projectId, planIds: [planId], userIds });
	return new Set(userIds.filter((userId) => audience.roleIn({ type: "user", userId, sessionId: "", name: "" }, planId) !== null));
};
