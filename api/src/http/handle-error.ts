import { randomUUID } from "node:crypto";
import { DomainError } from "@agentplanner/core";
import type { ErrorRequestHandler, Request, Response } from "express";
import { toDomainError, toErrorReply } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { findState, type Middleware } from "./request-state.ts";

/** Reading or answering broke off on the caller's side; Express's files have a code of their own for that. */
const wentAway = (error: unknown, request: Request, response: Response): boolean =>
	response.destroyed &&
	(error === request.errored || error === response.errored || (error instanceof Error && "code" in error && error.code === "ECONNABORTED"));

/** The one place where an error becomes a response. */
export const handleError =
	(processLog: Logger): ErrorRequestHandler =>
	(error: unknown, request, response, next) => {
		const state = findState(request);
		const log = state?.log ?? processLog;
		// There is nobody to tell.
		if (wentAway(error, request, response)) return log.debug({ err: error }, "the caller went away");
		const problem = toDomainError(error);
		if (problem.code === "internal") log.error({ err: problem.cause ?? error }, "request failed");
		else if (problem.code === "unavailable") log.warn({ err: problem.cause ?? error }, "request could not be served");
		else if (problem.code === "invalid_input" && problem.cause)
			log.warn({ err: problem.cause }, "the database refused a value that passed validation");
		else log.debug({ code: problem.code, detail: problem.message }, "request refused");

		// Too late to say anything: Express cuts the connection.
		if (response.headersSent) return next(error);
		const reply = toErrorReply(problem, state?.requestId ?? randomUUID());
		response.writeHead(reply.status, { ...reply.headers, "Cache-Control": "no-store", "Content-Type": "application/problem+json" });
		response.end(JSON.stringify(reply.problem));
	};

export const refuseUnknownPath: Middleware = (request) => {
	throw new DomainError(
		"not_found",
		`There is no ${request.method} ${request.baseUrl}${request.path}. See /api/openapi.json for what there is.`,
	);
};
