import { AdapterError, type ErrorCode, type FieldError, type Problem } from "@agentplanner/contracts";
import { DomainError, isDatabaseUnavailable } from "@agentplanner/core";

/** The one table from error codes to HTTP. */
export const statuses: Record<ErrorCode, { status: number; title: string }> = {
	invalid_input: { status: 400, title: "The input is not valid" },
	unauthorized: { status: 401, title: "Not signed in" },
	forbidden: { status: 403, title: "Not allowed" },
	not_found: { status: 404, title: "Not found" },
	method_not_allowed: { status: 405, title: "No such method" },
	conflict: { status: 409, title: "Conflict" },
	precondition_failed: { status: 412, title: "Changed meanwhile" },
	payload_too_large: { status: 413, title: "Too large" },
	unsupported_media_type: { status: 415, title: "Not JSON" },
	idempotency_key_reused: { status: 422, title: "Idempotency-Key used before" },
	unprocessable: { status: 422, title: "Can't be done as asked" },
	limit_exceeded: { status: 429, title: "Too many requests" },
	internal: { status: 500, title: "A defect in AgentPlanner" },
	unavailable: { status: 503, title: "Not available just now" },
};

const retrySeconds = 2;

export class LimitExceededError extends DomainError {
	readonly retryAfterMs: number;
	constructor(message: string, retryAfterMs: number) {
		super("limit_exceeded", message);
		this.retryAfterMs = retryAfterMs;
	}
}

/** There is something at this address, but not for this method. */
export class MethodNotAllowedError extends DomainError {
	readonly allowed: readonly string[];
	constructor(method: string, allowed: readonly string[]) {
		super("method_not_allowed", `${method} is not possible here. Use ${allowed.join(" or ")}.`);
		this.allowed = allowed;
	}
}

export class UnavailableError extends DomainError {
	constructor(message: string, cause?: unknown) {
		super("unavailable", message, { cause });
	}
}

export type ErrorReply = { status: number; headers: Record<string, string>; problem: Problem };

/** Errors of Express and its body parsers: `expose` says that they are the caller's fault. */
const isHttpError = (error: unknown): error is Error & { status: number; type?: string; limit?: number } =>
	error instanceof Error && "status" in error && typeof error.status === "number" && error.status >= 400 && error.status < 500;

const fromHttpError = (error: Error & { status: number; type?: string; limit?: number }): DomainError => {
	if (error.status === 413)
		return new DomainError("payload_too_large", `The body is too large; ${error.limit ?? "fewer"} bytes are allowed. Send less at once.`);
	if (error.status === 415)
		return new DomainError("unsupported_media_type", "The body's encoding is not one that can be read. Send plain JSON in UTF-8.");
	if (error.status === 404) return new DomainError("not_found", "There is nothing at this address.");
	if (error.type === "entity.parse.failed")
		return new DomainError("invalid_input", "The body is not valid JSON. Check for a missing quote, comma or bracket.", {
			fields: [{ field: "body", message: "is not valid JSON" }],
		});
	return new DomainError("invalid_input", "The request could not be read. Check its address, headers and body.");
};

const fromAdapterError = (error: AdapterError): DomainError => {
	switch (error.kind) {
		case "unauthorized":
			return new DomainError("unauthorized", `${error.message} ${error.remedy}`);
		case "rejected":
			return new DomainError("invalid_input", `${error.message} ${error.remedy}`);
		case "rate_limited":
			return new LimitExceededError(`${error.message} ${error.remedy}`, error.retryAfterMs ?? 1_000);
		case "unavailable":
			return new UnavailableError(`${error.message} ${error.remedy}`, error);
	}
};

/** SQLSTATE class 22: Postgres can't make sense of a value, so it came from outside and should have been refused earlier. */
const isDataException = (error: unknown): boolean => {
	for (let current = error; current instanceof Error; current = current.cause)
		if ("code" in current && typeof current.code === "string" && /^22[0-9A-Z]{3}$/.test(current.code)) return true;
	return false;
};

/** What the caller may know of an error; anything unknown is `internal`, and says nothing more. */
export const toDomainError = (error: unknown): DomainError => {
	if (error instanceof DomainError) return error;
	if (isDatabaseUnavailable(error))
		return new UnavailableError(
			"The database can't be reached or written to just now; nothing was changed. Try again in a few seconds.",
			error,
		);
	if (error instanceof AdapterError) return fromAdapterError(error);
	if (isHttpError(error)) return fromHttpError(error);
	if (isDataException(error))
		return new DomainError("invalid_input", "A value is outside of what can be stored. Check dates, numbers and special characters.", {
			cause: error,
		});
	return new DomainError("internal", "Something went wrong on our side. The log has the details under this request id.", { cause: error });
};

const headersOf = (error: DomainError): Record<string, string> => {
	if (error instanceof LimitExceededError) return { "Retry-After": String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))) };
	if (error.code === "unavailable" || error.code === "limit_exceeded") return { "Retry-After": String(retrySeconds) };
	if (error instanceof MethodNotAllowedError) return { Allow: error.allowed.join(", ") };
	// RFC 9110 wants a challenge with every 401; this one opens no dialog in browsers.
	if (error.code === "unauthorized") return { "WWW-Authenticate": 'Bearer realm="AgentPlanner"' };
	return {};
};

export const toErrorReply = (error: DomainError, requestId: string): ErrorReply => {
	const { status, title } = statuses[error.code];
	const errors: FieldError[] = error.fields;
	return {
		status,
		headers: headersOf(error),
		problem: {
			type: `urn:agentplanner:problem:${error.code}`,
			title,
			status,
			code: error.code,
			detail: error.message,
			...(errors.length > 0 ? { errors } : {}),
			request_id: requestId,
		},
	};
};
