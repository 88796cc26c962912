import { z } from "zod";

export const errorCodes = [
	"invalid_input",
	"unauthorized",
	"forbidden",
	"not_found",
	"method_not_allowed",
	"conflict",
	"precondition_failed",
	"idempotency_key_reused",
	"unprocessable",
	"payload_too_large",
	"unsupported_media_type",
	"limit_exceeded",
	"unavailable",
	"internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export const FieldError = z.strictObject({
	/** Where: dotted path into the input, e.g. `body.targets.0.agent_id`. */
	field: z.string(),
	message: z.string(),
});
export type FieldError = z.infer<typeof FieldError>;

/** What every error response looks like (RFC 9457, `application/problem+json`). */
export const Problem = z.strictObject({
	type: z.string(),
	title: z.string(),
	status: z.int(),
	code: z.enum(errorCodes),
	detail: z.string(),
	errors: z.array(FieldError).optional(),
	request_id: z.string(),
});
export type Problem = z.infer<typeof Problem>;
