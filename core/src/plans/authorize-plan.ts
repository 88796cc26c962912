import { type Action, leastRole, type PlanRole, planRoles, type Role, roleMay, roles, statusAllows } from "@agentplanner/contracts";
import {
	agentRequests,
	and,
	decisionRequests,
	eq,
	type Given,
	getTableColumns,
	planNodes,
	plans,
	prepared,
	type SQL,
	type SQLWrapper,
	sql,
} from "@agentplanner/db";
import { authorize, roleOf, whoseRole } from "../authorize.ts";
import { type Actor, type ProjectContext, userIdOf } from "../context.ts";
import { ConflictError, type DomainError, ForbiddenError, NotFoundError } from "../errors.ts";
import { isInBin } from "./bin.ts";
import { isLiveNode } from "./live-nodes.ts";

/*
 * Who may do what in a plan: the largest of these roles decides, and for whom has none the plan does not exist.
 *
 *   the role in the project    of its owners and admins always; of its other members but guests unless the plan is private
 *   admin                      of the plan's owner
 *   the collaborator's role    of whom it is shared with
 *   editor                     of an agent's own token, unless the plan is private and nothing in it is assigned to the agent; what it
 *                              may do its scopes say
 *
 * Why: docs/decisions/0011-who-sees-a-plan.md.
 */

/** What of a plan decides, for whoever asks: `sharedRole` is theirs as a collaborator, or as an agent who has work in it. */
export type Standing = Pick<typeof plans.$inferSelect, "status" | "visibility" | "ownerUserId" | "deletedAt"> & {
	sharedRole: PlanRole | null;
};

/** What is assigned to an agent in the plan, but for what was deleted. */
const workOf = (agentId: unknown): SQL => sql`node_assignments assignment
	join plan_nodes assigned on assigned.id = assignment.node_id and assigned.deleted_at is null
	where assignment.project_id = ${plans.projectId} and assignment.plan_id = ${plans.id} and assignment.agent_id = ${agentId}`;

/** The columns of it, for a query that reads `plans`. */
export const standing = ({ userId, agentId }: { userId: unknown; agentId: unknown }) => ({
	status: plans.status,
	visibility: plans.visibility,
	ownerUserId: plans.ownerUserId,
	deletedAt: plans.deletedAt,
	sharedRole: sql<PlanRole | null>`coalesce(
		(select role from plan_collaborators where plan_id = ${plans.id} and user_id = ${userId}),
		(select 'editor' from ${workOf(agentId)} limit 1)
	)`,
});

/** `even`: also in a plan whose state refuses everything else. `what` was asked for, if not the plan itself. */
type Options = { even?: "archived" | "deleted"; what?: string };

/** The plan as it was read, with the role that counts for whoever asked. */
export type ReadPlan = typeof plans.$inferSelect & { role: Role };

/**
 * Passes whoever may do it in this plan, and answers with the plan. Throws 401, 403 and 404 as `authorize` does, by the role that counts
 * here; NotFoundError also for a plan that the actor can't see, and ConflictError for a change in one that is archived or deleted.
 */
export const authorizePlan = async (ctx: ProjectContext, action: Action, planId: string, options: Options = {}): Promise<ReadPlan> => {
	const [role, [plan]] = await Promise.all([readProjectRole(ctx, action), findPlan(ctx.db, { ...given(ctx), planId })]);
	return assertMayInPlan(ctx.actor, action, role, plan, missing(options.what ?? "plan"), options);
};

/** The same for a node, by its plan; answers with the node, and its `plan`. */
export const authorizeNode = async (ctx: ProjectContext, action: Action, nodeId: string, options?: Options) => {
	const [role, [found]] = await Promise.all([readProjectRole(ctx, action), findNode(ctx.db, { ...given(ctx), nodeId })]);
	const plan = assertMayInPlan(ctx.actor, action, role, found?.plan, missing("node"), options);
	if (!found) throw new NotFoundError("node");
	return { ...found.node, plan };
};

/** The same for a request. Whoever is no user is asked for the right alone: which requests are theirs, the verb knows. */
export const authorizeRequest = (ctx: ProjectContext, action: Action, requestId: string): Promise<Role | null> =>
	authorizeAbout(ctx, action, "request", (asking) => findPlanOfRequest(ctx.db, { ...asking, requestId }));

/** The same for a decision; answers with the role that counts there, null for whoever is no user. */
export const authorizeDecision = (ctx: ProjectContext, action: Action, decisionId: string): Promise<Role | null> =>
	authorizeAbout(ctx, action, "decision", (asking) => findPlanOfDecision(ctx.db, { ...asking, decisionId }));

/** What it says, in the same words, of something that isn't there, for a verb that finds the plan by it: throws 401, 403 and 404. */
export const authorizeMissing = async (ctx: ProjectContext, action: Action, what: string): Promise<never> => {
	assertMayInPlan(ctx.actor, action, await readProjectRole(ctx, action), undefined, missing(what));
	throw new NotFoundError(what);
};

const authorizeAbout = async (ctx: ProjectContext, action: Action, what: string, find: (asking: Asking) => Promise<Standing[]>) => {
	if (userIdOf(ctx.actor) === null) {
		await authorize(ctx, action);
		return null;
	}
	const [role, [plan]] = await Promise.all([readProjectRole(ctx, action), find(given(ctx))]);
	return assertMayInPlan(ctx.actor, action, role, plan, missing(what)).role;
};

type Asking = { projectId: string; userId: string | null; agentId: string | null };

/** Who asks, as `standing` wants it. */
export const given = ({ actor, projectId }: ProjectContext): Asking => ({
	projectId,
	userId: userIdOf(actor),
	agentId: actor.type === "token" ? actor.agentId : null,
});

const missing = (what: string) => () => new NotFoundError(what);

const findPlan = prepared((db, asking: Given<Asking & { planId: string }>) =>
	db
		.select({ ...getTableColumns(plans), ...standing(asking) })
		.from(plans)
		.where(and(eq(plans.projectId, asking.projectId), eq(plans.id, asking.planId))),
);

const findNode = prepared((db, asking: Given<Asking & { nodeId: string }>) =>
	db
		.select({ node: getTableColumns(planNodes), plan: { ...getTableColumns(plans), ...standing(asking) } })
		.from(planNodes)
		.innerJoin(plans, eq(plans.id, planNodes.planId))
		.where(and(eq(planNodes.projectId, asking.projectId), eq(planNodes.id, asking.nodeId), isLiveNode)),
);

const findPlanOfRequest = prepared((db, asking: Given<Asking & { requestId: string }>) =>
	db
		.select(standing(asking))
		.from(agentRequests)
		.innerJoin(plans, eq(plans.id, agentRequests.planId))
		.where(and(eq(agentRequests.projectId, asking.projectId), eq(agentRequests.id, asking.requestId))),
);

const findPlanOfDecision = prepared((db, asking: Given<Asking & { decisionId: string }>) =>
	db
		.select(standing(asking))
		.from(decisionRequests)
		.innerJoin(plans, eq(plans.id, decisionRequests.planId))
		.where(and(eq(decisionRequests.projectId, asking.projectId), eq(decisionRequests.id, asking.decisionId))),
);

/** The actor's role in the project: `any` where no role decides. */
type ProjectRole = Role | "any";

/** It, for `assertMayInPlan` and `roleInPlan`. Throws 401, 403 and 404 for whom no plan would let in. */
export const readProjectRole = async (ctx: ProjectContext, action: Action): Promise<ProjectRole> => {
	const userId = whoseRole(ctx, action);
	if (userId === null) return "any";
	const role = await roleOf(ctx, userId);
	if (!role) throw new NotFoundError("project");
	return role;
};

/**
 * The rule of authorizePlan, for a verb that has read the plan with what else it needs; `refusal`: what to throw where there is none, or
 * none that the actor sees.
 */
export const assertMayInPlan = <Plan extends Standing>(
	actor: Actor,
	action: Action,
	projectRole: ProjectRole,
	plan: Plan | undefined,
	refusal: () => DomainError,
	{ even }: Options = {},
): Plan & { role: Role } => {
	const role = plan && roleInPlan(actor, projectRole, plan);
	// Whose role in the project is too small hears that, whether there is such a plan or not.
	const counting = role ?? projectRole;
	if (counting !== "any" && !roleMay(counting, action))
		throw new ForbiddenError(`This needs the role ${leastRole[action]} in the plan; yours is ${counting}. Ask its owner, or an admin.`);
	if (!plan || !role) throw refusal();
	if (!action.endsWith(":read")) assertChangeable(plan, even ?? (statusAllows(plan.status, action) ? "archived" : undefined));
	else if (plan.deletedAt && even !== "deleted") throw refusal();
	return { ...plan, role };
};

/** Throws ConflictError for a plan that refuses changes, being archived or deleted. */
export const assertChangeable = ({ status, deletedAt }: Pick<Standing, "status" | "deletedAt">, even?: Options["even"]): void => {
	if (deletedAt && even !== "deleted") throw new ConflictError("This plan is deleted. Restore it first.");
	if (status === "archived" && even === undefined)
		throw new ConflictError("This plan is archived, so nothing in it can be changed. Take it out of the archive first.");
};

/** The role that counts; null for whom the plan doesn't exist. */
export const roleInPlan = (actor: Actor, projectRole: ProjectRole, plan: Standing): Role | null => {
	if (projectRole === "any") return actor.type !== "token" ? "owner" : plan.visibility === "private" ? plan.sharedRole : "editor";
	const mine: (Role | null)[] = [
		projectRole === "owner" || projectRole === "admin" || (plan.visibility !== "private" && projectRole !== "guest") ? projectRole : null,
		plan.ownerUserId !== null && plan.ownerUserId === userIdOf(actor) ? "admin" : null,
		plan.sharedRole,
	];
	return roles.find((role) => mine.includes(role)) ?? null;
};

type Reader = Pick<ProjectContext, "actor" | "projectId">;

/** The same rule as a condition on `plans`, for lists: the plans, without deleted ones, in which the actor may do it. */
export const visiblePlans = (ctx: Reader, action: Action = "plans:read"): SQL =>
	sql`(${plans.deletedAt} is null and ${isReached(ctx, action)})`;

/** Those in the bin that the actor may take out. */
export const deletedPlans = (ctx: Reader): SQL => sql`(${isInBin} and ${isReached(ctx, "plans:manage")})`;

const isReached = ({ actor, projectId }: Reader, action: Action): SQL => {
	if (actor.type === "system") return sql`true`;
	const userId = userIdOf(actor);
	if (userId === null) {
		if (actor.type !== "token" || !roleMay("editor", action)) return sql`false`;
		// Of one plan at a time, by its index: an `exists` has Postgres read all of the agent's work first.
		const hasWork = sql`(select true from ${workOf(actor.agentId)} limit 1)`;
		return sql`(${plans.visibility} <> 'private' or coalesce(${hasWork}, false))`;
	}
	const role = projectRoleOf(projectId, userId);
	const may = (some: readonly Role[]) => sql.param(some.filter((one) => roleMay(one, action)));
	return sql`(
		${role} = any(${may(["owner", "admin"])})
		or (${plans.visibility} <> 'private' and ${role} = any(${may(["editor", "viewer"])}))
		or (${plans.ownerUserId} = ${userId} and ${roleMay("admin", action)})
		or exists (select from plan_collaborators where plan_id = ${plans.id} and user_id = ${userId} and role = any(${may(planRoles)}))
	)`;
};

/** Not correlated, so that it is asked once. */
const projectRoleOf = (projectId: string, userId: string): SQL =>
	sql`(select role from project_members where project_id = ${projectId} and user_id = ${userId})`;

/** The condition on what hangs on no plan, where guests see the rest by their plans. */
export const isNoGuest = ({ actor, projectId }: Reader): SQL => {
	const userId = userIdOf(actor);
	return userId === null ? sql`true` : sql`(${projectRoleOf(projectId, userId)} <> 'guest')`;
};

/**
 * The same for what happened in plans, which stays to be read while they lie in the bin; once they are removed for good, by those alone
 * who answer for the project.
 */
export const happenedInVisiblePlan = (ctx: Reader, planId: SQLWrapper): SQL => sql`(
	${answersForProject(ctx)}
	or ${planId} in (select ${plans.id} from ${plans} where ${plans.projectId} = ${ctx.projectId} and ${isReached(ctx, "plans:read")})
)`;

/** Whether it is one of its owners and admins, who see every plan. */
export const answersForProject = ({ actor, projectId }: Reader): SQL => {
	const userId = userIdOf(actor);
	if (userId === null) return actor.type === "system" ? sql`true` : sql`false`;
	return sql`${projectRoleOf(projectId, userId)} in ('owner', 'admin')`;
};

/** A condition on a column that names a plan: one in which the actor may do it. */
export const inVisiblePlan = (ctx: Reader, planId: SQLWrapper, action?: Action): SQL =>
	sql`${planId} in (select ${plans.id} from ${plans} where ${plans.projectId} = ${ctx.projectId} and ${visiblePlans(ctx, action)})`;
