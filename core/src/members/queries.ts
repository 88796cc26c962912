import type { Role } from "@agentplanner/contracts";
import { and, asc, eq, gt, invitations, isNull, projectMembers, sql, users } from "@agentplanner/db";
import { roleOf } from "../authorize.ts";
import type { ProjectContext, Queries, Tx } from "../context.ts";
import { ForbiddenError, NotFoundError, UnprocessableError } from "../errors.ts";

export type MemberRow = { userId: string; email: string; name: string; role: Role; createdAt: Date };

export const readMembers = (ctx: ProjectContext, userId?: string): Promise<MemberRow[]> =>
	ctx.db
		.select({
			userId: projectMembers.userId,
			email: users.email,
			name: users.name,
			role: projectMembers.role,
			createdAt: projectMembers.createdAt,
		})
		.from(projectMembers)
		.innerJoin(users, eq(users.id, projectMembers.userId))
		.where(and(eq(projectMembers.projectId, ctx.projectId), userId === undefined ? undefined : eq(projectMembers.userId, userId)))
		.orderBy(asc(users.name), asc(users.id));

/** Whoever gives or takes the owner's role must have it. */
export const assertMayHandle = async (ctx: ProjectContext, ...affected: Role[]): Promise<void> => {
	if (!affected.includes("owner") || ctx.actor.type === "system") return;
	const role = ctx.actor.type === "user" ? await roleOf(ctx, ctx.actor.userId) : null;
	if (role !== "owner") throw new ForbiddenError("Only an owner can add, change or remove owners. Ask one of them.");
};

export const loadMember = async (tx: Tx<ProjectContext>, userId: string): Promise<MemberRow> => {
	const [member] = await readMembers(tx, userId);
	if (!member) throw new NotFoundError("member");
	return member;
};

export const assertAnotherOwner = async (tx: Tx<ProjectContext>, member: MemberRow): Promise<void> => {
	if (member.role !== "owner") return;
	const owners = (await readMembers(tx)).filter(({ role }) => role === "owner");
	if (owners.length < 2)
		throw new UnprocessableError("A project needs an owner, and this is the last one. Make somebody else an owner first.");
};

export const isOpenInvitation = and(isNull(invitations.acceptedAt), isNull(invitations.revokedAt));
export const isLiveInvitation = and(isOpenInvitation, gt(invitations.expiresAt, sql`now()`));

export const findUserByEmail = async (db: Queries, email: string) => {
	const [user] = await db.select().from(users).where(eq(users.email, email));
	return user ?? null;
};
