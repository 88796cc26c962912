import { publicPlanPath } from "@agentplanner/contracts";
import { DomainError, InvalidInputError, type Keys, UnprocessableError } from "@agentplanner/core";
import { OpenAPIHandler } from "@orpc/openapi/node";
import { ORPCError, ValidationError } from "@orpc/server";
import { experimental_RethrowHandlerPlugin as RethrowHandlerPlugin } from "@orpc/server/plugins";
import express, { type Express, type Response } from "express";
import type { Config } from "./config.ts";
import type { ContextFactory, Reply, RouteContext } from "./context.ts";
import { serveDocs } from "./docs/serve-docs.ts";
import { githubPath, signInWithGithub } from "./github/sign-in-with-github.ts";
import { allowMethods, refuseOtherMethods } from "./http/allowed-methods.ts";
import type { EventWaiters } from "./http/event-waiters.ts";
import { breaksRulesAlone, fieldErrors, type Issue } from "./http/field-errors.ts";
import { handleError, refuseUnknownPath } from "./http/handle-error.ts";
import { health, ready } from "./http/health.ts";
import { identifyRequest } from "./http/identify-request.ts";
import { jsonBody } from "./http/json-body.ts";
import { logRequest } from "./http/log-request.ts";
import { createLoginLimiter, type LoginLimiter } from "./http/login-limiter.ts";
import { metrics } from "./http/metrics.ts";
import { createPublicLimiter } from "./http/public-limiter.ts";
import { recogniseCaller } from "./http/recognise-caller.ts";
import { type Middleware, stateOf } from "./http/request-state.ts";
import { securityHeaders } from "./http/security-headers.ts";
import { serveFrontend } from "./http/serve-frontend.ts";
import type { SessionCookie } from "./http/session-cookie.ts";
import { createForgeryLimiter } from "./ingress/forgery-limiter.ts";
import { receiveWebhook } from "./ingress/receive-webhook.ts";
import type { Logger } from "./logger.ts";
import { createOpenApiDocument } from "./openapi/create-document.ts";
import { router } from "./routes/index.ts";

const prefix = "/api/v1";

export type AppOptions = {
	config: Config;
	createContext: ContextFactory;
	/** Names of the migrations that the database lacks. */
	pendingMigrations: () => Promise<string[]>;
	cookie: SessionCookie;
	keys: Keys;
	log: Logger;
	eventWaiters: EventWaiters;
};

/** oRPC's own errors in our words: what fails validation on the way in is the caller's fault, everything else is ours. */
const fromOrpc = (error: unknown): unknown => {
	if (!(error instanceof ORPCError) || error.code !== "BAD_REQUEST") return error;
	if (error.cause instanceof ValidationError) {
		const issues = error.cause.issues as readonly Issue[];
		const Refusal = breaksRulesAlone(issues) ? UnprocessableError : InvalidInputError;
		return new Refusal("Some fields are not valid; each is named in errors.", fieldErrors(issues));
	}
	return new InvalidInputError("The request could not be read. Check its address, query and body.");
};

const replyOf = (response: Response, cookie: SessionCookie): Reply => ({
	startSession: (token, session) => response.setHeader("Set-Cookie", cookie.start(token, session.expires_at)),
	endSession: () => response.setHeader("Set-Cookie", cookie.clear()),
	version: (version) => response.setHeader("ETag", `"${version}"`),
	fileName: (name) => void response.attachment(name),
});

const goneOf = (response: Response): AbortSignal => {
	const gone = new AbortController();
	response.once("close", () => gone.abort());
	return gone.signal;
};

const serveContract = ({ config, cookie, eventWaiters }: AppOptions, loginLimiter: LoginLimiter): Middleware => {
	const publicLimiter = createPublicLimiter();
	const handler = new OpenAPIHandler(router, {
		plugins: [new RethrowHandlerPlugin({ filter: () => true })],
	});
	return async (request, response, next) => {
		const { core, log } = stateOf(request);
		const context: RouteContext = {
			core,
			reply: replyOf(response, cookie),
			clientAddress: request.ip ?? "",
			userAgent: request.get("user-agent"),
			config,
			loginLimiter,
			publicLimiter,
			log,
			eventWaiters,
			gone: goneOf(response),
		};
		// Node leaves out the body by itself.
		const { method } = request;
		if (method === "HEAD") request.method = "GET";
		const handled = handler.handle(request, response, { prefix, context }).finally(() => {
			request.method = method;
		});
		const { matched } = await handled.catch((error: unknown) => {
			throw fromOrpc(error);
		});
		if (!matched) next();
	};
};

const serveOpenApi = (config: Config): Middleware => {
	let document: ReturnType<typeof createOpenApiDocument> | null = null;
	return async (_request, response) => {
		document ??= createOpenApiDocument({ publicUrl: config.http.publicUrl, cookieName: config.session.cookieName });
		response.set("Cache-Control", "no-cache").json(await document);
	};
};

const noStore: Middleware = (_request, response, next) => {
	response.setHeader("Cache-Control", "no-store");
	next();
};

/** What a public link shows is for whoever has it, not for search engines. */
const notIndexed: Middleware = (_request, response, next) => {
	response.setHeader("X-Robots-Tag", "noindex, nofollow");
	next();
};

/** A path that can't be decoded is the caller's fault; oRPC would call it a defect. */
const refuseBrokenPath: Middleware = (request, _response, next) => {
	try {
		decodeURIComponent(request.path);
	} catch {
		throw new DomainError("invalid_input", "The address has a % that encodes no character.");
	}
	next();
};

/** Everything over HTTP, in the order in which a request meets it. */
export const createApp = (options: AppOptions): Express => {
	const { config, createContext, cookie, log } = options;
	const app = express();
	app.disable("x-powered-by");
	app.disable("etag");
	app.set("trust proxy", config.http.trustedProxies);
	// oRPC reads the query itself; a second parser would only add a second opinion.
	app.set("query parser", false);
	app.use(identifyRequest({ log, createContext }), logRequest, securityHeaders(config.http.publicUrl), refuseBrokenPath);

	app.all("/health", allowMethods("GET"), health);
	app.all("/ready", allowMethods("GET"), ready(options.pendingMigrations));
	app.all("/metrics", allowMethods("GET"), metrics(config.metricsToken));
	app.all("/ingress/:adapter/:integrationId", allowMethods("GET", "POST"), ...receiveWebhook(createForgeryLimiter()));

	app.all("/api/openapi.json", allowMethods("GET"), serveOpenApi(config));
	app.use("/api/docs", ...serveDocs());
	const loginLimiter = createLoginLimiter();
	app.use(`${prefix}/public`, notIndexed);
	app.use(prefix, noStore, recogniseCaller(cookie));
	// Also where GitHub isn't set up: the addresses are in the document either way.
	app.all([githubPath, `${githubPath}/callback`], allowMethods("GET"));
	if (config.github) app.use(githubPath, signInWithGithub({ github: config.github, config, keys: options.keys, cookie, loginLimiter }));
	app.use(prefix, refuseOtherMethods, ...jsonBody, serveContract(options, loginLimiter));
	app.use(["/api", "/ingress"], refuseUnknownPath);

	app.use(publicPlanPath, notIndexed);
	app.use(...serveFrontend(config.http.frontendDir));
	app.use(refuseUnknownPath);
	app.use(handleError(log));
	return app;
};
