import type { Session } from "@agentplanner/contracts";
import { and, asc, eq, gt, isNull, projectMembers, projects, sql, userSessions, users } from "@agentplanner/db";
import type { Actor, Context, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { UnauthorizedError } from "../errors.ts";
import { createSecret, hashSecret } from "../secret.ts";
import { presentSession } from "./present.ts";

const sessionDays = 30;
const scriptDays = 1;

/** A session that still counts: neither ended nor expired, by the database's clock. */
export const isLive = and(isNull(userSessions.revokedAt), gt(userSessions.expiresAt, sql`now()`));

/** A session's use is kept to the minute: a busy page must not write a row with every call. */
export const wasSeen = sql<boolean>`${userSessions.lastUsedAt} > now() - interval '1 minute'`;

export const noteUse = (ctx: Context, sessionId: string) =>
	ctx.db.update(userSessions).set({ lastUsedAt: sql`now()` }).where(eq(userSessions.id, sessionId));

/** The live session with its user and projects; throws UnauthorizedError once it has ended. */
export const loadSession = async (ctx: Context, sessionId: string): Promise<Session> => {
	const [found] = await ctx.db
		.select({ session: userSessions, user: users })
		.from(userSessions)
		.innerJoin(users, eq(users.id, userSessions.userId))
		.where(and(eq(userSessions.id, sessionId), isLive));
	if (!found) throw new UnauthorizedError("This session has ended. Sign in again.");
	const memberships = await ctx.db
		.select({ id: projects.id, name: projects.name, role: projectMembers.role })
		.from(projectMembers)
		.innerJoin(projects, eq(projects.id, projectMembers.projectId))
		.where(eq(projectMembers.userId, found.user.id))
		.orderBy(asc(projects.name), asc(projects.id));
	return presentSession(found.session, found.user, memberships);
};

const longestUserAgent = 300;

/** What a session is told by later; a script's, which nobody signs out, lives for a day. */
export type Client = { userAgent?: string | undefined; isScript?: boolean };

export type StartedSession = { token: string; session: Session; actor: Actor & { type: "user" } };

/** Opens a session in the project its user worked in last; returns the token, which is kept nowhere. */
export const startSession = async (tx: Tx, user: typeof users.$inferSelect, { userAgent, isScript }: Client): Promise<StartedSession> => {
	const token = createSecret();
	const [session] = await tx.db
		.insert(userSessions)
		.values({
			userId: user.id,
			tokenHash: hashSecret(token),
			csrfToken: createSecret(),
			userAgent: userAgent?.slice(0, longestUserAgent) ?? null,
			expiresAt: sql`now() + ${isScript ? scriptDays : sessionDays} * interval '1 day'`,
			activeProjectId: sql`coalesce(
				(select active_project_id from user_sessions where user_id = ${user.id} and active_project_id is not null order by id desc limit 1),
				(select project_id from project_members where user_id = ${user.id} order by created_at, project_id limit 1))`,
		})
		.returning();
	if (!session) throw new Error("The insert returned no session.");
	const actor = { type: "user" as const, userId: user.id, sessionId: session.id, name: user.name };
	emit({ ...tx, actor }, { type: "session.started", subjectId: user.id, data: { session_id: session.id } });
	return { token, session: await loadSession(tx, session.id), actor };
};
