import { timingSafeEqual } from "node:crypto";
import {
	authenticateAccessToken,
	authenticateApiToken,
	authenticateReplyToken,
	authenticateSession,
	ForbiddenError,
	UnauthorizedError,
} from "@agentplanner/core";
import type { Request } from "express";
import { type Middleware, stateOf } from "./request-state.ts";
import type { SessionCookie } from "./session-cookie.ts";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);
// They begin a session, so they can't have its token yet; that they must carry JSON keeps other sites' forms out.
const withoutCsrf = new Set(["/auth/register", "/auth/login"]);
const replyPath = /^\/projects\/([^/]+)\/requests\/([^/]+)\/(?:responses|acknowledge|progress)\/?$/;
const apiTokenPrefix = "ap_";
const jwt = /^[\w-]+\.[\w-]+\.[\w-]*$/;
const longestToken = 1_000;

const bearerToken = (request: Request): string | null => /^Bearer +(\S+) *$/i.exec(request.get("authorization") ?? "")?.[1] ?? null;

const sameText = (one: string, other: string): boolean => {
	const a = Buffer.from(one);
	const b = Buffer.from(other);
	return a.length === b.length && timingSafeEqual(a, b);
};

const recogniseAgent = async (request: Request, token: string) => {
	const state = stateOf(request);
	const refusal = new UnauthorizedError(
		"This token is not valid here. A reply token answers the one request it came with, and nothing else.",
	);
	if (!token.startsWith("rt_") || token.length > longestToken) throw refusal;
	const path = replyPath.exec(request.path);
	if (!path || request.method !== "POST") throw refusal;
	const caller = await authenticateReplyToken(state.core, token);
	if (caller?.actor.type !== "agent" || caller.projectId !== path[1] || caller.actor.agentRequestId !== path[2]) throw refusal;
	state.core = { ...state.core, actor: caller.actor };
};

const recogniseToken = async (request: Request, token: string) => {
	const state = stateOf(request);
	const actor = token.startsWith(apiTokenPrefix) && token.length <= longestToken ? await authenticateApiToken(state.core, token) : null;
	if (!actor)
		throw new UnauthorizedError("This API token is unknown, revoked or expired, or its owner is no longer a member. Make a new one.");
	state.core = { ...state.core, actor };
};

const recogniseAccessToken = async (request: Request, token: string) => {
	const state = stateOf(request);
	const actor = token.length <= longestToken ? await authenticateAccessToken(state.core, token) : null;
	if (!actor)
		throw new UnauthorizedError("This access token has expired, or its session has ended. Get a new one: POST /api/v1/auth/token.");
	state.core = { ...state.core, actor };
};

const recogniseUser = async (request: Request, token: string) => {
	const state = stateOf(request);
	const session = await authenticateSession(state.core, token);
	// An old cookie is as good as none: it must not keep anybody from signing in again.
	if (!session) return;
	if (!safeMethods.has(request.method) && !withoutCsrf.has(request.path) && !sameText(request.get("x-csrf-token") ?? "", session.csrfToken))
		throw new ForbiddenError(
			"The x-csrf-token header is missing or not this session's. Take csrf_token from GET /api/v1/auth/session and send it along.",
		);
	state.core = { ...state.core, actor: session.actor };
};

/**
 * Finds out who calls: the holder of a reply token or an API token, or the user of a session, by its cookie or a JWT. Mounted at the API's root, so `request.path` is
 * the path behind it. Nobody is refused here for being nobody; each endpoint decides that.
 */
export const recogniseCaller =
	(cookie: SessionCookie): Middleware =>
	async (request, _response, next) => {
		const bearer = request.get("x-api-key") ?? bearerToken(request);
		const session = bearer === null ? cookie.read(request.get("cookie")) : null;
		if (bearer !== null && (bearer.startsWith(apiTokenPrefix) || request.get("x-api-key") !== undefined))
			await recogniseToken(request, bearer);
		else if (bearer !== null && jwt.test(bearer)) await recogniseAccessToken(request, bearer);
		else if (bearer !== null) await recogniseAgent(request, bearer);
		else if (session !== null) await recogniseUser(request, session);
		next();
	};
