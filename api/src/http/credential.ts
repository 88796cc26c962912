import type { IncomingHttpHeaders } from "node:http";
import { type Actor, authenticateAccessToken, authenticateApiToken, authenticateSession, type Context } from "@agentplanner/core";
import type { SessionCookie } from "./session-cookie.ts";

/** What a caller shows: an API token or a JWT for scripts, a reply token for the request it came with, or a session's cookie. */
export type Credential = { kind: "api token" | "access token" | "reply token" | "session"; token: string };

const apiTokenPrefix = "ap_";
const jwt = /^[\w-]+\.[\w-]+\.[\w-]*$/;
const longestToken = 1_000;

const bearerToken = (header: string | undefined): string | null => /^Bearer +(\S+) *$/i.exec(header ?? "")?.[1] ?? null;

/** The one credential that counts: whoever shows a token is not asked for a cookie. */
export const readCredential = (headers: IncomingHttpHeaders, cookie: SessionCookie): Credential | null => {
	const { "x-api-key": apiKey, authorization } = headers;
	if (apiKey !== undefined) return { kind: "api token", token: String(apiKey) };
	const bearer = bearerToken(authorization);
	if (bearer !== null) {
		if (bearer.startsWith(apiTokenPrefix)) return { kind: "api token", token: bearer };
		return { kind: jwt.test(bearer) ? "access token" : "reply token", token: bearer };
	}
	const session = cookie.read(headers.cookie);
	return session === null ? null : { kind: "session", token: session };
};

/** The script with this API token; null where it is unknown, revoked or expired, or its owner no longer a member. */
export const recogniseApiToken = async (core: Context, token: string): Promise<(Actor & { type: "token" }) | null> =>
	token.startsWith(apiTokenPrefix) && token.length <= longestToken ? authenticateApiToken(core, token) : null;

/** The user with this JWT; null where it isn't ours or has expired, or its session has ended. */
export const recogniseAccessToken = async (core: Context, token: string): Promise<(Actor & { type: "user" }) | null> =>
	token.length <= longestToken ? authenticateAccessToken(core, token) : null;

/** Who may open a socket with this, and keep it open; null for nobody. */
export const recogniseListener = async (core: Context, { kind, token }: Credential): Promise<Actor | null> => {
	switch (kind) {
		case "session":
			return (await authenticateSession(core, token))?.actor ?? null;
		case "access token":
			return recogniseAccessToken(core, token);
		case "api token":
			return recogniseApiToken(core, token);
		case "reply token":
			return null;
	}
};
