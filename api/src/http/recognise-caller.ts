import { authenticateReplyToken, authenticateSession, ForbiddenError, safeEqual, UnauthorizedError } from "@agentplanner/core";
import type { Request } from "express";
import { readCredential, recogniseAccessToken, recogniseApiToken } from "./credential.ts";
import { type Middleware, stateOf } from "./request-state.ts";
import type { SessionCookie } from "./session-cookie.ts";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);
// The first two begin a session, so they can't have its token yet, and the third only reads, from a body that no log keeps; that
// they must carry JSON keeps other sites' forms out.
const withoutCsrf = new Set(["/auth/register", "/auth/login", "/invitations/preview"]);
const replyPath = /^\/projects\/([^/]+)\/requests\/([^/]+)\/(?:responses|acknowledge|progress)\/?$/;
const longestReplyToken = 1_000;

const recogniseAgent = async (request: Request, token: string) => {
	const state = stateOf(request);
	const refusal = new UnauthorizedError(
		"This token is not valid here. A reply token answers the one request it came with, and nothing else.",
	);
	if (!token.startsWith("rt_") || token.length > longestReplyToken) throw refusal;
	const path = replyPath.exec(request.path);
	if (!path || request.method !== "POST") throw refusal;
	const caller = await authenticateReplyToken(state.core, token);
	if (caller?.actor.type !== "agent" || caller.projectId !== path[1] || caller.actor.agentRequestId !== path[2]) throw refusal;
	state.core = { ...state.core, actor: caller.actor };
};

const recogniseScript = async (request: Request, token: string) => {
	const state = stateOf(request);
	const actor = await recogniseApiToken(state.core, token);
	if (!actor)
		throw new UnauthorizedError("This API token is unknown, revoked or expired, or its owner is no longer a member. Make a new one.");
	state.core = { ...state.core, actor };
};

const recogniseBearer = async (request: Request, token: string) => {
	const state = stateOf(request);
	const actor = await recogniseAccessToken(state.core, token);
	if (!actor)
		throw new UnauthorizedError("This access token has expired, or its session has ended. Get a new one: POST /api/v1/auth/token.");
	state.core = { ...state.core, actor };
};

const recogniseUser = async (request: Request, token: string) => {
	const state = stateOf(request);
	const session = await authenticateSession(state.core, token);
	// An old cookie is as good as none: it must not keep anybody from signing in again.
	if (!session) return;
	if (
		!safeMethods.has(request.method) &&
		!withoutCsrf.has(request.path) &&
		!safeEqual(request.get("x-csrf-token") ?? "", session.csrfToken)
	)
		throw new ForbiddenError(
			"The x-csrf-token header is missing or not this session's. Take csrf_token from GET /api/v1/auth/session and send it along.",
		);
	state.core = { ...state.core, actor: session.actor };
};

const recognise = {
	"api token": recogniseScript,
	"access token": recogniseBearer,
	"reply token": recogniseAgent,
	session: recogniseUser,
};

/**
 * Finds out who calls: the holder of a reply token or an API token, or the user of a session, by its cookie or a JWT. Mounted at the
 * API's root, so `request.path` is the path behind it. Nobody is refused here for being nobody; each endpoint decides that.
 */
export const recogniseCaller =
	(cookie: SessionCookie): Middleware =>
	async (request, _response, next) => {
		const credential = readCredential(request.headers, cookie);
		if (credential) await recognise[credential.kind](request, credential.token);
		next();
	};
