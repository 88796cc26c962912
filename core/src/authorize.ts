import { type Action, agentScopes, leastRole, type Role, roleMay, type Scope, scopes, scopesAllow } from "@agentplanner/contracts";
import { and, eq, type Given, prepared, projectMembers, sql } from "@agentplanner/db";
import type { Context, ProjectContext } from "./context.ts";
import { DomainError, ForbiddenError, NotFoundError, UnauthorizedError } from "./errors.ts";

/** What the holder of a reply token may do, for its own request alone; the verb checks which one that is. */
const agentActions: readonly Action[] = ["requests:answer"];

/** What a user may do from a platform, where nobody signs in; as far as their role goes. */
const personActions: readonly Action[] = ["decisions:decide", "decisions:read", "requests:read"];

/** What a platform may do through its adapter: hand on what was said there. */
const adapterActions: readonly Action[] = ["requests:answer", "project:read"];

/**
 * Passes, or throws: 401 without an account, 404 for a project one is no member of, 403 for a role that is too small.
 * The one role check there is; every verb begins with it.
 */
export const authorize = (ctx: ProjectContext, action: Action): Promise<void> => decide(ctx, action, (userId) => roleOf(ctx, userId));

type Asking = Pick<ProjectContext, "actor" | "projectId">;

/** What `authorize` says: why not, or null where it passes; and the role in the project by which, null where none counts. */
export type Verdict = { refusal: DomainError | null; role: Role | null };

/** What `authorize` would say to each of these, with one query for all. */
export const authorizeMany = async (ctx: Context, asking: readonly (Asking & { action: Action })[]): Promise<Verdict[]> => {
	const members = asking.flatMap(({ actor, projectId }) => ("userId" in actor && actor.userId !== null ? [[projectId, actor.userId]] : []));
	const [projectIds, userIds] = [members.map(([projectId]) => projectId), members.map(([, userId]) => userId)];
	const pairs = sql`select * from unnest(${sql.param(projectIds)}::uuid[], ${sql.param(userIds)}::uuid[])`;
	const rows = await ctx.db.select().from(projectMembers).where(sql`(${projectMembers.projectId}, ${projectMembers.userId}) in (${pairs})`);
	const roles = new Map(rows.map(({ projectId, userId, role }) => [`${projectId} ${userId}`, role]));
	return Promise.all(
		asking.map(async ({ actor, projectId, action }): Promise<Verdict> => {
			const role = ("userId" in actor && roles.get(`${projectId.toLowerCase()} ${actor.userId}`)) || null;
			try {
				await decide({ actor, projectId }, action, async () => role);
				return { refusal: null, role };
			} catch (error) {
				if (error instanceof DomainError) return { refusal: error, role };
				throw error;
			}
		}),
	);
};

type ReadRole = (userId: string) => Promise<Role | null>;

const decide = async (asking: Asking, action: Action, readRole: ReadRole): Promise<void> => {
	const userId = whoseRole(asking, action);
	if (userId !== null) assertRole(await readRole(userId), action);
};

/** The user whose role decides; null where no role does, since the actor may. Throws for one who may not, whatever the role. */
export const whoseRole = ({ actor, projectId }: Asking, action: Action): string | null => {
	switch (actor.type) {
		case "system":
			return null;
		case "adapter":
			if (adapterActions.includes(action)) return null;
			throw new ForbiddenError("An adapter only hands on what its platform told it.");
		case "agent":
			if (agentActions.includes(action)) return null;
			throw new ForbiddenError("A reply token only answers the request it came with.");
		case "anonymous":
			throw new UnauthorizedError("Sign in first.");
		case "person":
			if (!personActions.includes(action)) throw new ForbiddenError("This can't be done from a platform. Sign in to AgentPlanner for it.");
			return actor.userId;
		case "user":
			return actor.userId;
		case "token":
			if (actor.projectId !== projectId.toLowerCase()) throw new NotFoundError("project");
			if (!isScope(action)) throw new ForbiddenError("No token may do this. Sign in as a person.");
			if (!scopesAllow(actor.scopes, action))
				throw new ForbiddenError(`This needs a token with the scope ${action}; yours has ${actor.scopes.join(", ")}.`);
			if (actor.userId === null && !(agentScopes as readonly Action[]).includes(action))
				throw new ForbiddenError("An agent's token can't do this.");
			return actor.userId;
	}
};

const isScope = (action: Action): action is Scope & Action => (scopes as readonly string[]).includes(action);

const assertRole = (role: Role | null, action: Action): void => {
	if (!role) throw new NotFoundError("project");
	if (!roleMay(role, action))
		throw new ForbiddenError(`This needs the role ${leastRole[action]} in the project; yours is ${role}. Ask an owner or admin.`);
};

/** Whether `authorize` would pass for a member whose role is too small or not. */
export const may = async (ctx: ProjectContext, action: Action): Promise<boolean> => {
	try {
		await authorize(ctx, action);
		return true;
	} catch (error) {
		if (error instanceof ForbiddenError) return false;
		throw error;
	}
};

const findRole = prepared((db, { projectId, userId }: Given<{ projectId: string; userId: string }>) =>
	db
		.select({ role: projectMembers.role })
		.from(projectMembers)
		.where(and(eq(projectMembers.projectId, projectId), eq(projectMembers.userId, userId))),
);

/** A member's role of this moment; null for a stranger. */
export const roleOf = async ({ db, projectId }: ProjectContext, userId: string): Promise<Role | null> => {
	const [member] = await findRole(db, { projectId, userId });
	return member?.role ?? null;
};

/** The signed-in user, for what belongs to an account and not to a project; throws 403 for a token, 401 for anybody else. */
export const requireUser = (ctx: Context) => {
	if (ctx.actor.type === "token") throw new ForbiddenError("No token may do this. Sign in as a person.");
	if (ctx.actor.type !== "user") throw new UnauthorizedError("Sign in first.");
	return ctx.actor;
};
