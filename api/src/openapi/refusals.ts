import type { ErrorCode, Refusal } from "@agentplanner/contracts";
import type { OpenAPI } from "@orpc/openapi";
import { statuses } from "../errors.ts";

type Facts = {
	method: string;
	path: string;
	/** Names of its headers, in lower case. */
	headers: readonly string[];
	hasBody: boolean;
	needsSession: boolean;
	refuses: readonly Refusal[];
};

/** Why a caller may get each, and what to do about it. */
const meanings: Partial<Record<ErrorCode, string>> = {
	invalid_input: "A path, query, header or body that is not valid; `errors` names each field.",
	unauthorized: "Nobody known calls: the session has ended, or the token is unknown, expired or revoked. Sign in, or use another token.",
	forbidden: "The caller is known and may not do this: the role or the token's scope is too small, or the `x-csrf-token` is missing.",
	not_found: "It does not exist, or the caller may not see it; the two look the same.",
	conflict: "The thing is in a state that does not allow this, or a name is taken; `detail` says which.",
	precondition_failed: "Somebody changed it since the version in `If-Match`, or in the body. Read it again, and repeat the change on top.",
	payload_too_large: "The body is larger than is accepted.",
	unsupported_media_type: "The body is not JSON. Send `Content-Type: application/json`.",
	unprocessable:
		"Well-formed, but it breaks a rule that no schema can say, or can't be done as asked, a text holds what can't be stored (U+0000), or the `Idempotency-Key` was used for another request; `errors` names the field.",
	limit_exceeded: "Too many tries. Wait for as many seconds as `Retry-After` says.",
	unavailable: "The database can't be reached or written to just now; nothing was changed. Try again after `Retry-After` seconds.",
};

const codesOf = ({ method, path, headers, hasBody, needsSession, refuses }: Facts): ErrorCode[] => {
	const writes = method !== "get";
	const versioned = headers.includes("if-match");
	const idempotent = headers.includes("idempotency-key");
	const conditions: [ErrorCode, boolean][] = [
		["invalid_input", true],
		["unauthorized", true],
		["forbidden", needsSession || refuses.includes("forbidden")],
		["not_found", path.includes("{") || refuses.includes("not_found")],
		["conflict", versioned || idempotent || refuses.includes("conflict")],
		["precondition_failed", versioned || refuses.includes("precondition_failed")],
		["payload_too_large", writes],
		["unsupported_media_type", writes],
		["unprocessable", hasBody || idempotent || refuses.includes("unprocessable")],
		["limit_exceeded", refuses.includes("limit_exceeded")],
		["unavailable", true],
	];
	return conditions.flatMap(([code, applies]) => (applies ? [code] : []));
};

const nameOf = (code: ErrorCode): string => code.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Every way in which an operation can be refused, by status. */
export const refusalsOf = (facts: Facts): OpenAPI.ResponsesObject =>
	Object.fromEntries(codesOf(facts).map((code) => [statuses[code].status, { $ref: `#/components/responses/${nameOf(code)}` }]));

const retryAfter: OpenAPI.HeaderObject = { description: "Seconds to wait", required: true, schema: { type: "integer", minimum: 1 } };
const challenge: OpenAPI.HeaderObject = { description: "`Bearer`", required: true, schema: { type: "string" } };

const headersOf = (code: ErrorCode): Record<string, OpenAPI.HeaderObject> => {
	if (code === "limit_exceeded" || code === "unavailable") return { "Retry-After": retryAfter };
	return code === "unauthorized" ? { "WWW-Authenticate": challenge } : {};
};

/** One shared response per error code: a problem as RFC 9457 has it. */
export const problemResponses = (): Record<string, OpenAPI.ResponseObject> =>
	Object.fromEntries(
		(Object.entries(meanings) as [ErrorCode, string][]).map(([code, description]) => {
			const { status, title } = statuses[code];
			const example = { type: `urn:agentplanner:problem:${code}`, title, status, code, detail: description, request_id: "6f1c…" };
			const schema = { $ref: "#/components/schemas/Problem" };
			return [nameOf(code), { description, headers: headersOf(code), content: { "application/problem+json": { schema, example } } }];
		}),
	);
