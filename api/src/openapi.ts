import { apiContract, Problem } from "@agentplanner/contracts";
import { type OpenAPI, OpenAPIGenerator } from "@orpc/openapi";
import { ZodToJsonSchemaConverter } from "@orpc/zod/zod4";

const open = ["/auth/register", "/auth/login"];
const byReplyToken = /\/requests\/\{requestId\}\/(responses|acknowledge|progress)$/;

type Operation = { responses: Record<string, unknown>; security?: OpenAPI.SecurityRequirementObject[] };

const isOperation = (value: unknown): value is Operation => typeof value === "object" && value !== null && "responses" in value;

const problemResponse = {
	description: "Any error: what happened, why, and what to do (RFC 9457)",
	content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

const securityOf = (path: string, method: string): OpenAPI.SecurityRequirementObject[] => {
	if (open.includes(path)) return [];
	const session = method === "get" ? { session: [] } : { session: [], csrf: [] };
	return byReplyToken.test(path) ? [session, { replyToken: [] }] : [session];
};

/** The API as an OpenAPI 3.1 document, made from the contract alone. */
export const createOpenApiDocument = async (options: { publicUrl: string; cookieName: string }): Promise<OpenAPI.Document> => {
	const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
	const document = await generator.generate(apiContract, {
		info: {
			title: "AgentPlanner",
			version: "1",
			description: "Plans for people, answers from agents. Lists are paged by `cursor`; POSTs that create take an `Idempotency-Key`.",
			license: { name: "MIT", identifier: "MIT" },
		},
		servers: [{ url: `${options.publicUrl}/api/v1` }],
		commonSchemas: { Problem: { schema: Problem } },
		components: {
			securitySchemes: {
				session: { type: "apiKey", in: "cookie", name: options.cookieName, description: "Set by sign-in and sign-up" },
				csrf: {
					type: "apiKey",
					in: "header",
					name: "x-csrf-token",
					description: "`csrf_token` of the session, with every request that changes something",
				},
				replyToken: {
					type: "http",
					scheme: "bearer",
					description: "The token that came with the request to the agent; good for that request alone",
				},
			},
		},
	});
	for (const [path, item] of Object.entries(document.paths ?? {})) {
		for (const [method, operation] of Object.entries(item ?? {})) {
			if (!isOperation(operation)) continue;
			operation.responses = { ...operation.responses, default: problemResponse };
			operation.security = securityOf(path, method);
		}
	}
	return document;
};
