import { oc } from "@orpc/contract";
import { z } from "zod";
import type { ErrorCode } from "./errors.ts";

/** What an endpoint may refuse beyond what its parts already tell: a body can be invalid, a path can lead nowhere. */
export type Refusal = Extract<
	ErrorCode,
	"conflict" | "precondition_failed" | "unprocessable" | "limit_exceeded" | "forbidden" | "not_found"
>;

type Parts = { params?: z.ZodType; query?: z.ZodType; headers?: z.ZodType; body?: z.ZodType };

const nothing = z.strictObject({});

/**
 * One endpoint as plain data: validation, typed client and OpenAPI page all come from it.
 * Parts that are not given accept nothing, so unknown query keys are refused.
 */
export const endpoint = <
	Params extends z.ZodType = typeof nothing,
	Query extends z.ZodType = typeof nothing,
	Headers extends z.ZodType = z.ZodObject,
	Body extends z.ZodType = z.ZodOptional<typeof nothing>,
	Output extends z.ZodType = z.ZodType,
>(definition: {
	method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
	path: `/${string}`;
	summary: string;
	/** More than the summary says; Markdown. */
	description?: string;
	tag: string;
	params?: Params;
	query?: Query;
	headers?: Headers;
	body?: Body;
	output: Output;
	status?: number;
	refuses?: readonly Refusal[];
}) => {
	const { method, path, summary, description, tag, params, query, headers, body, output, status, refuses } = definition;
	const input = z.object({
		// A path without parameters comes with none at all.
		params: (params ?? nothing.default({})) as Params,
		query: (query ?? nothing) as Query,
		headers: (headers ?? z.object({})) as Headers,
		body: (body ?? nothing.optional()) as Body,
	} satisfies Parts);
	return oc
		.$meta<{ refuses: readonly Refusal[] }>({ refuses: [] })
		.meta({ refuses: refuses ?? [] })
		.route({
			method,
			path,
			summary,
			...(description === undefined ? {} : { description }),
			tags: [tag],
			successStatus: status ?? 200,
			inputStructure: "detailed",
		})
		.input(input)
		.output(output);
};

/** Header of every POST that creates: the same key gives the same answer for 30 days. */
export const IdempotencyHeaders = z.object({
	"idempotency-key": z
		.string()
		.min(1)
		.max(255)
		.optional()
		.describe("A name of your own for this act, e.g. a UUID; a repeat under it makes nothing new"),
});

const ifMatch = (tag: RegExp) =>
	z.object({
		"if-match": z
			.string()
			.regex(new RegExp(`^(?:\\*|(?:W/)?"?${tag.source}"?)$`), "must be the version that was read, or *")
			.optional(),
	});

/** Header of edits that can clash: the `version` that the editor saw. */
export const IfMatchHeaders = ifMatch(/[0-9]{1,9}/);

/** The same where the version is a digest. */
export const IfMatchDigestHeaders = ifMatch(/[A-Za-z0-9_-]{22}/);
