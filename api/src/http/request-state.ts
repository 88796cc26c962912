import type { Context } from "@agentplanner/core";
import type { Request, Response } from "express";
import type { Logger } from "../logger.ts";

/** What is known about an HTTP request on its way through the middleware; `core.actor` is anonymous until somebody is recognised. */
export type RequestState = { requestId: string; traceId: string; core: Context; log: Logger };

const states = new WeakMap<Request, RequestState>();

export const setState = (request: Request, state: RequestState): void => {
	states.set(request, state);
};

export const stateOf = (request: Request): RequestState => {
	const state = states.get(request);
	if (!state) throw new Error("The request has no state: identifyRequest must come first.");
	return state;
};

/** Undefined where an error came before the first middleware. */
export const findState = (request: Request): RequestState | undefined => states.get(request);

export type Next = (error?: unknown) => void;
export type Middleware = (request: Request, response: Response, next: Next) => void | Promise<void>;
