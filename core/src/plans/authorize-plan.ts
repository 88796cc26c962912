import { type Action, leastRole, type PlanRole, type Role, roleMay, roles } from "@agentplanner/contracts";
import { and, eq, type Given, getTableColumns, planNodes, plans, prepared, type SQL, sql } from "@agentplanner/db";
import { roleOf, whoseRole } from "../authorize.ts";
import { type Actor, type ProjectContext, userIdOf } from "../context.ts";
import { ConflictError, ForbiddenError, NotFoundError } from "../errors.ts";

/*
 * Who may do what in a plan: the largest of these roles decides, and to whom has none the plan does not exist.
 *
 *   the role in the project    of its owners and admins always; of its other members but guests unless the plan is private
 *   admin                      of the plan's owner
 *   the collaborator's role    of whom it is shared with
 *
 * An agent's own token reaches what is not private. Why: docs/decisions/0011-who-sees-a-plan.md.
 */

/** What of a plan decides. `sharedRole` is the asking user's as a collaborator. */
export type Standing = Pick<typeof plans.$inferSelect, "status" | "visibility" | "ownerUserId" | "deletedAt"> & {
	sharedRole: PlanRole | null;
};

/** The column `sharedRole`, for a query that reads `plans`. */
export const sharedRole = (userId: unknown) =>
	sql<PlanRole | null>`(select role from plan_collaborators where plan_id = ${plans.id} and user_id = ${userId})`;

/** Of a plan that is over or in the bin, what brings to an end what was under way. */
const endings: readonly Action[] = ["requests:answer", "requests:cancel", "decisions:decide", "decisions:cancel"];

/** `even`: also in a plan whose state refuses everything else. */
type Options = { even?: "archived" | "deleted" };

/**
 * Passes whoever may do it in this plan, and answers with the plan. Throws 401, 403 and 404 as `authorize` does, by the role that counts
 * here; NotFoundError also for a plan that the actor can't see; ConflictError for a change in one that is archived or deleted.
 */
export const authorizePlan = async (ctx: ProjectContext, action: Action, planId: string, options: Options = {}) => {
	const [role, [found]] = await Promise.all([
		readProjectRole(ctx, action),
		findPlan(ctx.db, { projectId: ctx.projectId, planId, userId: userIdOf(ctx.actor) }),
	]);
	return assertMayInPlan(ctx.actor, action, role, found ?? null, "plan", options);
};

/** The same for a node, by its plan: answers with the node. Its plan is its `plan`. */
export const authorizeNode = async (ctx: ProjectContext, action: Action, nodeId: string, options: Options = {}) => {
	const [role, [found]] = await Promise.all([
		readProjectRole(ctx, action),
		findNode(ctx.db, { projectId: ctx.projectId, nodeId, userId: userIdOf(ctx.actor) }),
	]);
	const plan = assertMayInPlan(ctx.actor, action, role, found ? { ...found.plan, sharedRole: found.sharedRole } : null, "node", options);
	if (!found) throw new NotFoundError("node");
	return { ...found.node, plan };
};

const findPlan = prepared((db, given: Given<{ projectId: string; planId: string; userId: string | null }>) =>
	db
		.select({ ...getTableColumns(plans), sharedRole: sharedRole(given.userId) })
		.from(plans)
		.where(and(eq(plans.projectId, given.projectId), eq(plans.id, given.planId))),
);

const findNode = prepared((db, given: Given<{ projectId: string; nodeId: string; userId: string | null }>) =>
	db
		.select({ node: getTableColumns(planNodes), plan: getTableColumns(plans), sharedRole: sharedRole(given.userId) })
		.from(planNodes)
		.innerJoin(plans, eq(plans.id, planNodes.planId))
		.where(and(eq(planNodes.projectId, given.projectId), eq(planNodes.id, given.nodeId))),
);

/** The actor's role in the project, for `assertMayInPlan`: null for a stranger, `any` where no role decides. */
export type ProjectRole = Role | "any" | null;

export const readProjectRole = async (ctx: ProjectContext, action: Action): Promise<ProjectRole> => {
	const userId = whoseRole(ctx, action);
	return userId === null ? "any" : roleOf(ctx, userId);
};

/** The rule, for what was read: `plan` null where there is none. Throws and answers as authorizePlan does; `what` was asked for. */
export const assertMayInPlan = <Plan extends Standing>(
	actor: Actor,
	action: Action,
	projectRole: ProjectRole,
	plan: Plan | null,
	what: string,
	{ even }: Options = {},
): Plan => {
	if (projectRole === null) throw new NotFoundError("project");
	const role = plan && roleInPlan(actor, projectRole, plan);
	if (!plan || !role) throw new NotFoundError(what);
	if (!roleMay(role, action))
		throw new ForbiddenError(`This needs the role ${leastRole[action]} in the plan; yours is ${role}. Ask the plan's owner, or an admin.`);
	if (plan.deletedAt && even !== "deleted") {
		if (action.endsWith(":read")) throw new NotFoundError(what);
		throw new ConflictError("This plan is deleted. Restore it first.");
	}
	if (plan.status === "archived" && even === undefined && !action.endsWith(":read") && !endings.includes(action))
		throw new ConflictError("This plan is archived, so nothing in it can be changed. Take it out of the archive first.");
	return plan;
};

const roleInPlan = (actor: Actor, projectRole: Role | "any", plan: Standing): Role | null => {
	if (projectRole === "any") return actor.type === "token" && plan.visibility === "private" ? null : "owner";
	const mine = [
		projectRole === "owner" || projectRole === "admin" || (plan.visibility !== "private" && projectRole !== "guest") ? projectRole : null,
		plan.ownerUserId !== null && plan.ownerUserId === userIdOf(actor) ? "admin" : null,
		plan.sharedRole,
	];
	return roles.find((role) => mine.includes(role)) ?? null;
};

/** Of `plans`: those that the actor sees, and that are not deleted. The rule of above, for lists. */
export const visiblePlans = ({ actor, projectId }: Pick<ProjectContext, "actor" | "projectId">): SQL => {
	const isLive = sql`${plans.deletedAt} is null`;
	if (actor.type === "system") return isLive;
	const userId = userIdOf(actor);
	if (userId === null) return actor.type === "token" ? sql`(${isLive} and ${plans.visibility} <> 'private')` : sql`false`;
	// Without a correlation, so that it is asked once.
	const role = sql`(select role from project_members where project_id = ${projectId} and user_id = ${userId})`;
	return sql`(${isLive} and (
		${role} in ('owner', 'admin')
		or (${plans.visibility} <> 'private' and ${role} <> 'guest')
		or ${plans.ownerUserId} = ${userId}
		or exists (select from plan_collaborators where plan_id = ${plans.id} and user_id = ${userId})
	))`;
};

/** A condition on a column that names a plan: the actor sees that plan. */
export const inVisiblePlan = (ctx: Pick<ProjectContext, "actor" | "projectId">, planId: SQL | typeof planNodes.planId): SQL =>
	sql`${planId} in (select id from ${plans} where ${plans.projectId} = ${ctx.projectId} and ${visiblePlans(ctx)})`;
