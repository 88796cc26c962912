import type { AccessToken } from "@agentplanner/contracts";
import { and, eq, userSessions, users } from "@agentplanner/db";
import { errors, jwtVerify, SignJWT } from "jose";
import { requireUser } from "../authorize.ts";
import type { Actor, Context } from "../context.ts";
import { ForbiddenError } from "../errors.ts";
import { isLive, noteUse, wasSeen } from "./queries.ts";

const lifeSeconds = 15 * 60;
const issuer = "agentplanner";
const algorithm = "HS256";
const type = "at+jwt";
const keyOf = ({ keys }: Context) => keys.secret("access-token");

/**
 * A JWT of 15 minutes for scripts, good as long as the caller's session is. Throws UnauthorizedError without one, and ForbiddenError
 * for a JWT, which would last for ever if it could be renewed with itself.
 */
export const createAccessToken = async (ctx: Context): Promise<AccessToken> => {
	const { userId, sessionId, byAccessToken } = requireUser(ctx);
	if (byAccessToken) throw new ForbiddenError("A JWT gets no other one. Send e-mail and password, or the session's cookie.");
	const issuedAt = Math.floor(ctx.now().getTime() / 1000);
	const token = await new SignJWT({ sid: sessionId })
		.setProtectedHeader({ alg: algorithm, typ: type })
		.setSubject(userId)
		.setIssuer(issuer)
		.setIssuedAt(issuedAt)
		.setExpirationTime(issuedAt + lifeSeconds)
		.sign(keyOf(ctx));
	return { access_token: token, token_type: "Bearer", expires_in: lifeSeconds };
};

/** Who acts with this JWT; null for one that we didn't make, that has expired, or whose session has ended. */
export const authenticateAccessToken = async (ctx: Context, token: string): Promise<(Actor & { type: "user" }) | null> => {
	const claims = await readClaims(ctx, token);
	if (!claims) return null;
	const [found] = await ctx.db
		.select({ name: users.name, seen: wasSeen })
		.from(userSessions)
		.innerJoin(users, eq(users.id, userSessions.userId))
		.where(and(eq(userSessions.id, claims.sessionId), eq(userSessions.userId, claims.userId), isLive));
	if (!found) return null;
	if (!found.seen) await noteUse(ctx, claims.sessionId);
	return { type: "user", ...claims, name: found.name, byAccessToken: true };
};

const readClaims = async (ctx: Context, token: string): Promise<{ userId: string; sessionId: string } | null> => {
	try {
		const { payload } = await jwtVerify(token, keyOf(ctx), {
			algorithms: [algorithm],
			issuer,
			typ: type,
			requiredClaims: ["sub", "exp", "sid"],
			currentDate: ctx.now(),
		});
		const { sub, sid } = payload;
		return typeof sub === "string" && typeof sid === "string" ? { userId: sub, sessionId: sid } : null;
	} catch (error) {
		if (error instanceof errors.JOSEError) return null;
		throw error;
	}
};
