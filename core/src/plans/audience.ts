import type { PlanRole, Role } from "@agentplanner/contracts";
import { and, eq, inArray, plans, projectMembers, sql } from "@agentplanner/db";
import type { Context, ProjectContext } from "../context.ts";
import { roleInPlan, type Standing } from "./authorize-plan.ts";

/**
 * The role that counts for a member in one of the plans, also while it lies in the bin, by their role in the project; null for whom it
 * doesn't exist.
 */
export type Audience = (member: Member, planId: string) => Role | null;

type Member = { userId: string; role: Role };
type Known = Omit<Standing, "sharedRole"> & { shared: Record<string, PlanRole> };

/** Who sees which of the plans as of now, by the rule of `authorizePlan`: one query for any number of members. */
export const readAudience = async (ctx: Context, projectId: string, planIds: readonly string[]): Promise<Audience> => {
	const known = new Map(planIds.length === 0 ? [] : (await findPlans(ctx, projectId, planIds)).map((plan) => [plan.id, plan]));
	return ({ userId, role }, planId) => {
		const plan: Known = known.get(planId) ?? gone;
		return roleInPlan({ type: "user", userId, sessionId: "", name: "" }, role, { ...plan, sharedRole: plan.shared[userId] ?? null });
	};
};

const findPlans = async ({ db }: Context, projectId: string, planIds: readonly string[]): Promise<(Known & { id: string })[]> =>
	db
		.select({
			id: plans.id,
			status: plans.status,
			visibility: plans.visibility,
			ownerUserId: plans.ownerUserId,
			deletedAt: plans.deletedAt,
			shared: sql<Record<string, PlanRole>>`(
				select coalesce(jsonb_object_agg(user_id, role), '{}') from plan_collaborators where plan_id = plans.id
			)`,
		})
		.from(plans)
		.where(and(eq(plans.projectId, projectId), inArray(plans.id, [...planIds])))
		.execute();

/** Deleted for good: what happened there is left to who answers for the project. */
const gone: Known = { status: "active", visibility: "private", ownerUserId: null, deletedAt: null, shared: {} };

/** Those of the members who see the plan. */
export const listWhoSee = async (ctx: ProjectContext, planId: string, userIds: readonly string[]): Promise<Set<string>> => {
	if (userIds.length === 0) return new Set();
	const [audience, members] = await Promise.all([
		readAudience(ctx, ctx.projectId, [planId]),
		ctx.db
			.select({ userId: projectMembers.userId, role: projectMembers.role })
			.from(projectMembers)
			.where(and(eq(projectMembers.projectId, ctx.projectId), inArray(projectMembers.userId, [...userIds])))
			.execute(),
	]);
	return new Set(members.flatMap((member) => (audience(member, planId) === null ? [] : [member.userId])));
};
