import { randomBytes } from "node:crypto";
import { invitationPath, localPathOf, type SignInProblem } from "@agentplanner/contracts";
import { type Keys, linkAccount, SignInRefusedError, safeEqual, signInWithAccount, type VouchedPerson } from "@agentplanner/core";
import express, { type Express, type Request, type Response } from "express";
import { Passport } from "passport";
import type { Config, GithubConfig } from "../config.ts";
import { LimitExceededError } from "../errors.ts";
import type { LoginLimiter } from "../http/login-limiter.ts";
import { stateOf } from "../http/request-state.ts";
import type { SessionCookie } from "../http/session-cookie.ts";
import { readLinkGrant } from "./link-grant.ts";
import { createStateCookie, type Journey, type Kept, type StateCookie } from "./state-cookie.ts";
import { createGithubStrategy } from "./strategy.ts";

export const githubPath = "/api/v1/auth/github";

/** Where the browser goes from here: pages of this site, whatever was asked for. */
const pageOf = (asked: unknown): string => (typeof asked === "string" ? localPathOf(asked) : null) ?? "/";

const withQuery = (path: string, values: Record<string, string>): string => {
	const url = new URL(path, "http://here.invalid");
	for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
	return `${url.pathname}${url.search}${url.hash}`;
};

/** The page that can say what went wrong: the one that the person came from. */
const problemPage = ({ returnTo, linkForSession }: Journey, problem: SignInProblem): string =>
	linkForSession !== null || returnTo.startsWith(invitationPath)
		? withQuery(returnTo, { problem })
		: withQuery("/sign-in", { problem, ...(returnTo === "/" ? {} : { return: returnTo }) });

const problemOf = (error: unknown): SignInProblem => {
	for (let current = error; current instanceof Error; current = "oauthError" in current ? current.oauthError : current.cause) {
		if (current instanceof SignInRefusedError) return current.problem;
		if (current instanceof LimitExceededError) return "too_many_tries";
	}
	return "unavailable";
};

/** GitHub's own no; a GitHub that is away, and what we refuse afterwards, is no guess. */
const isRefusedThere = (error: unknown): boolean => ["denied", "expired"].includes(problemOf(error));

const isBegunHere = (kept: Kept, state: unknown): boolean => typeof state === "string" && safeEqual(state, kept.state);

/** Where passport keeps `state` and PKCE's verifier between the two requests: with the browser. */
const stateStore = (cookie: StateCookie) => ({
	// By the number of its parameters passport tells that this store keeps a verifier.
	store: (request: Request, verifier: string, journey: Journey, _meta: unknown, done: (error: Error | null, state: string) => void) => {
		const state = randomBytes(32).toString("base64url");
		request.res?.append("Set-Cookie", cookie.keep({ state, verifier, journey }));
		done(null, state);
	},
	verify: (
		request: Request,
		state: unknown,
		_meta: unknown,
		done: (error: Error | null, verifier: string | false, journey?: Journey) => void,
	) => {
		const kept = cookie.read(request.get("cookie"));
		if (kept && isBegunHere(kept, state)) done(null, kept.verifier, kept.journey);
		else done(new SignInRefusedError("expired"), false);
	},
});

type Options = { github: GithubConfig; config: Config; keys: Keys; cookie: SessionCookie; loginLimiter: LoginLimiter };

/** `GET /api/v1/auth/github` and its callback: there and back, to a session, a linked account, or a page that says why not. */
export const signInWithGithub = ({ github, config, keys, cookie, loginLimiter }: Options): Express => {
	const { publicUrl } = config.http;
	const stateCookie = createStateCookie({ name: `${config.session.cookieName}_github`, path: githubPath, publicUrl, keys });
	const passport = new Passport();
	const store = stateStore(stateCookie) as unknown as Parameters<typeof createGithubStrategy>[1]["store"];
	passport.use(createGithubStrategy(github, { callbackUrl: `${publicUrl}${githubPath}/callback`, store }));

	/** Who GitHub says came back, and what for. Throws SignInRefusedError, and whatever went wrong at GitHub. */
	const identify = (request: Request, response: Response) =>
		new Promise<{ person: VouchedPerson; journey: Journey }>((resolve, reject) => {
			const onOutcome = (error: unknown, person: VouchedPerson | false, info?: { state?: Journey }) => {
				if (error) reject(error);
				else if (!person || !info?.state) reject(new SignInRefusedError("denied"));
				else resolve({ person, journey: info.state });
			};
			passport.authenticate("github", { session: false }, onOutcome)(request, response, reject);
		});

	const finish = async (request: Request, response: Response): Promise<string> => {
		const { person, journey } = await identify(request, response);
		const { core } = stateOf(request);
		if (journey.linkForSession !== null) {
			// The session that asked must still be the one that is here.
			if (core.actor.type !== "user" || core.actor.sessionId !== journey.linkForSession) throw new SignInRefusedError("expired");
			await linkAccount(core, person);
			return withQuery(journey.returnTo, { linked: person.provider });
		}
		const userAgent = request.get("user-agent");
		const { token, session } = await signInWithAccount(core, person, { signup: config.signup, userAgent });
		response.append("Set-Cookie", cookie.start(token, session.expires_at));
		return journey.returnTo;
	};

	const refuse = (request: Request, response: Response, journey: Journey, error: unknown) => {
		const problem = problemOf(error);
		const { log } = stateOf(request);
		if (problem === "unavailable") log.warn({ err: error }, "signing in with GitHub failed");
		else log.debug({ problem }, "signing in with GitHub was refused");
		response.redirect(pageOf(problemPage(journey, problem)));
	};

	const app = express();
	app.disable("x-powered-by");
	app.set("query parser", "simple");

	app.get("/", (request, response, next) => {
		const { return: asked, link } = request.query;
		const journey: Journey = { returnTo: pageOf(asked), linkForSession: null };
		if (link !== undefined) {
			journey.linkForSession = typeof link === "string" ? readLinkGrant(keys, link) : null;
			const { actor } = stateOf(request).core;
			if (actor.type !== "user" || actor.sessionId !== journey.linkForSession)
				return refuse(request, response, journey, new SignInRefusedError("expired"));
		}
		// An object, which passport hands to the store; its types know strings alone.
		passport.authenticate("github", { session: false, state: journey as unknown as string })(request, response, next);
	});

	app.get("/callback", async (request, response) => {
		const kept = stateCookie.read(request.get("cookie"));
		const journey = kept?.journey ?? { returnTo: "/", linkForSession: null };
		response.append("Set-Cookie", stateCookie.clear());
		// Any site can send a browser here; only what this browser began is worth a try, and counts.
		if (!kept || !isBegunHere(kept, request.query.state)) return refuse(request, response, journey, new SignInRefusedError("expired"));
		try {
			const goOn = await loginLimiter.attemptElsewhere(request.ip ?? "", () => finish(request, response), isRefusedThere);
			response.redirect(pageOf(goOn));
		} catch (error) {
			refuse(request, response, journey, error);
		}
	});
	return app;
};
