import type { Session } from "@agentplanner/contracts";
import type { Context, ProjectContext } from "@agentplanner/core";
import type { Config } from "./config.ts";
import type { EventWaiters } from "./http/event-waiters.ts";
import type { LoginLimiter } from "./http/login-limiter.ts";
import type { PublicLimiter } from "./http/public-limiter.ts";
import type { Logger } from "./logger.ts";

/** What a handler can say beside its body. */
export type Reply = {
	startSession(token: string, session: Session): void;
	endSession(): void;
	/** The version of a row or a list, as `If-Match` expects it back. */
	version(version: number | string): void;
	/** Under which name a browser, or `curl -OJ`, saves the body. */
	fileName(name: string): void;
};

/** What every handler is called with: the verbs' context, and the edge that only handlers see. */
export type RouteContext = {
	core: Context;
	reply: Reply;
	clientAddress: string;
	userAgent: string | undefined;
	config: Config;
	loginLimiter: LoginLimiter;
	publicLimiter: PublicLimiter;
	log: Logger;
	eventWaiters: EventWaiters;
	/** Aborts when whoever asked has gone away. */
	gone: AbortSignal;
};

/** The verbs' context in the project of the path. The verb itself checks who may do what there. */
export const inProject = (context: RouteContext, { projectId }: { projectId: string }): ProjectContext => ({ ...context.core, projectId });

/** The verbs' context of a request, before anybody is known. */
export type ContextFactory = (request: { requestId: string | null; traceId: string | null }) => Context;
