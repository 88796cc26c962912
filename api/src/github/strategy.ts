import { Email } from "@agentplanner/contracts";
import { SignInRefusedError, type VouchedPerson } from "@agentplanner/core";
import OAuth2Strategy from "passport-oauth2";
import { z } from "zod";
import type { GithubConfig } from "../config.ts";

const timeoutMs = 10_000;

const Token = z.union([z.object({ access_token: z.string().min(1) }), z.object({ error: z.string() })]);
const User = z.object({ id: z.int(), login: z.string().min(1), name: z.string().nullish() });
// Of any form: an odd address beside the primary one is no reason to let nobody in.
const Emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** GitHub Enterprise has its API under the same host, github.com under one of its own. */
const apiUrlOf = (url: string) => (url === "https://github.com" ? "https://api.github.com" : `${url}/api/v3`);

const longestName = 120;

type TokenParams = Record<string, string>;

const exchangeCode = async ({ clientId, clientSecret, url }: GithubConfig, code: string, params: TokenParams): Promise<string> => {
	const response = await fetch(`${url}/login/oauth/access_token`, {
		method: "POST",
		headers: { accept: "application/json" },
		body: new URLSearchParams({ ...params, code, client_id: clientId, client_secret: clientSecret }),
		redirect: "error",
		signal: AbortSignal.timeout(timeoutMs),
	});
	const reply = Token.parse(await response.json());
	if ("access_token" in reply) return reply.access_token;
	// A code is good for ten minutes, once; any other error is of our settings.
	if (reply.error === "bad_verification_code") throw new SignInRefusedError("expired");
	throw new Error(`GitHub refused the sign-in: ${reply.error}. Check GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET and the callback URL there.`);
};

const read = async <Schema extends z.ZodType>(url: string, schema: Schema, accessToken: string): Promise<z.infer<Schema>> => {
	const response = await fetch(url, {
		headers: { accept: "application/vnd.github+json", authorization: `Bearer ${accessToken}`, "user-agent": "AgentPlanner" },
		redirect: "error",
		signal: AbortSignal.timeout(timeoutMs),
	});
	if (!response.ok) throw new Error(`GitHub answered ${response.status} to GET ${new URL(url).pathname}.`);
	return schema.parse(await response.json());
};

const readPerson = async (url: string, accessToken: string): Promise<VouchedPerson> => {
	const apiUrl = apiUrlOf(url);
	const [user, emails] = await Promise.all([
		read(`${apiUrl}/user`, User, accessToken),
		read(`${apiUrl}/user/emails?per_page=100`, Emails, accessToken),
	]);
	return {
		provider: "github",
		externalAccount: null,
		externalUserId: String(user.id),
		name: user.login,
		displayName: (user.name?.trim() || user.login).slice(0, longestName),
		email: Email.safeParse(emails.find(({ primary, verified }) => primary && verified)?.email).data ?? null,
	};
};

/**
 * Signing in with GitHub (OAuth 2 with PKCE): passport's strategy, with requests that give up in time. Its profile is a
 * VouchedPerson; the address in it is the primary one, and only if GitHub has verified it.
 */
export const createGithubStrategy = (
	config: GithubConfig,
	{ callbackUrl, store }: { callbackUrl: string; store: OAuth2Strategy.StateStore },
): OAuth2Strategy =>
	new (class extends OAuth2Strategy {
		override name = "github";

		constructor() {
			super(
				{
					authorizationURL: `${config.url}/login/oauth/authorize`,
					tokenURL: `${config.url}/login/oauth/access_token`,
					clientID: config.clientId,
					clientSecret: config.clientSecret,
					callbackURL: callbackUrl,
					scope: ["user:email"],
					pkce: true,
					store,
				},
				(_accessToken: string, _refreshToken: string, person: VouchedPerson, done: OAuth2Strategy.VerifyCallback) => done(null, person),
			);
			// The library's own request waits for ever, and can't tell what GitHub says in a reply of 200.
			const getOAuthAccessToken = (code: string, params: TokenParams, done: (error: unknown, accessToken?: string) => void) => {
				exchangeCode(config, code, params).then((token) => done(null, token), done);
			};
			Object.assign(this._oauth2, { getOAuthAccessToken });
		}

		override userProfile(accessToken: string, done: (error?: unknown, profile?: VouchedPerson) => void): void {
			readPerson(config.url, accessToken).then((person) => done(null, person), done);
		}
	})();
