import type { ErrorCode, FieldError } from "@agentplanner/contracts";

/** A failure that is the caller's to mend; `message` says what happened, why, and what to do. */
export class DomainError extends Error {
	override name = "DomainError";
	readonly code: ErrorCode;
	readonly fields: FieldError[];
	constructor(code: ErrorCode, message: string, details: { fields?: FieldError[]; cause?: unknown } = {}) {
		super(message, { cause: details.cause });
		this.code = code;
		this.fields = details.fields ?? [];
	}
}

export class InvalidInputError extends DomainError {
	constructor(message: string, fields: FieldError[] = []) {
		super("invalid_input", message, { fields });
	}
}

/** Well-formed, but it can't be done as asked. */
export class UnprocessableError extends DomainError {
	constructor(message: string, fields: FieldError[] = []) {
		super("unprocessable", message, { fields });
	}
}

export class UnauthorizedError extends DomainError {
	constructor(message: string) {
		super("unauthorized", message);
	}
}

export class ForbiddenError extends DomainError {
	constructor(message: string) {
		super("forbidden", message);
	}
}

/** Not there, or not yours: the two look the same from outside. */
export class NotFoundError extends DomainError {
	constructor(what: string) {
		super("not_found", `This ${what} does not exist, or you may not see it.`);
	}
}

export class ConflictError extends DomainError {
	constructor(message: string, fields: FieldError[] = []) {
		super("conflict", message, { fields });
	}
}

/** Not at the version that `If-Match` names. */
export class PreconditionFailedError extends DomainError {
	constructor(message: string, fields: FieldError[] = []) {
		super("precondition_failed", message, { fields });
	}
}

export class TooLargeError extends DomainError {
	constructor(message: string) {
		super("payload_too_large", message);
	}
}
