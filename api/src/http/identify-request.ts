import { randomUUID } from "node:crypto";
import type { ContextFactory } from "../context.ts";
import type { Logger } from "../logger.ts";
import { type Middleware, setState } from "./request-state.ts";

// It is stored with every row that the request causes, so it stays short and plain.
const acceptableRequestId = /^[\w.:/+=-]{1,100}$/;
const acceptableTraceParent = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?$/;

// 32 hex digits. Node draws the randomness of many UUIDs at once, where each randomBytes() asks the system.
const hexId = (): string => randomUUID().replaceAll("-", "");

/** Gives every request an id and a W3C trace, both of the caller's if they make sense, and says them in the response. */
export const identifyRequest =
	({ log, createContext }: { log: Logger; createContext: ContextFactory }): Middleware =>
	(request, response, next) => {
		const given = request.get("x-request-id");
		const requestId = given !== undefined && acceptableRequestId.test(given) ? given : randomUUID();
		const parent = acceptableTraceParent.exec(request.get("traceparent") ?? "");
		const traceId = parent?.[1] ?? hexId();
		const flags = parent?.[2] ?? "01";
		response.setHeader("X-Request-Id", requestId);
		response.setHeader("traceparent", `00-${traceId}-${hexId().slice(16)}-${flags}`);
		setState(request, { requestId, traceId, core: createContext({ requestId, traceId }), log: log.child({ requestId, traceId }) });
		next();
	};
