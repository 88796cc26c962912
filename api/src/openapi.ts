import { apiContract, Problem } from "@agentplanner/contracts";
import { type OpenAPI, OpenAPIGenerator } from "@orpc/openapi";
import { ZodToJsonSchemaConverter } from "@orpc/zod/zod4";

const open = ["/auth/register", "/auth/login", "/auth/token"];
/** What belongs to a project, but for its members, tokens and audit log: those need a person. */
const byApiToken = /^\/(adapters$|projects\/\{projectId\}(?!\/(members|invitations|tokens|audit|select)))/;
const byReplyToken = /\/requests\/\{requestId\}\/(responses|acknowledge|progress)$/;

type Operation = {
	responses: Record<string, OpenAPI.ResponseObject>;
	requestBody?: unknown;
	parameters?: OpenAPI.ParameterObject[];
	security?: OpenAPI.SecurityRequirementObject[];
};

const isOperation = (value: unknown): value is Operation => typeof value === "object" && value !== null && "responses" in value;

const problemResponse = {
	description: "Any error: what happened, why, and what to do (RFC 9457)",
	content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

const etag: OpenAPI.HeaderObject = {
	description: "The `version` in quotes, as `If-Match` of an edit expects it",
	schema: { type: "string", pattern: '^"[\\w-]+"$' },
};

/** Reads and edits of a row with a version say it as ETag. */
const describeEtag = (method: string, { responses }: Operation): void => {
	const { 200: success } = responses;
	const schema = success?.content?.["application/json"]?.schema;
	const isVersioned = typeof schema === "object" && "properties" in schema && "version" in (schema.properties ?? {});
	if (success && isVersioned && method !== "post") success.headers = { ETag: etag };
};

const securityOf = (path: string, method: string): OpenAPI.SecurityRequirementObject[] => {
	if (open.includes(path)) return [];
	const session = method === "get" ? { session: [] } : { session: [], csrf: [] };
	return [
		session,
		{ accessToken: [] },
		...(byApiToken.test(path) ? [{ apiKey: [] }, { apiToken: [] }] : []),
		...(byReplyToken.test(path) ? [{ replyToken: [] }] : []),
	];
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
				accessToken: {
					type: "http",
					scheme: "bearer",
					bearerFormat: "JWT",
					description: "From `POST /auth/token`; 15 minutes, and no longer than its session",
				},
				apiKey: {
					type: "apiKey",
					in: "header",
					name: "x-api-key",
					description: "An API token of the project, with the scope that the call needs",
				},
				apiToken: { type: "http", scheme: "bearer", description: "The same API token as a bearer token" },
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
			// The generator gives every operation one; with GET it means nothing.
			if (method === "get") delete operation.requestBody;
			// Its defaults for queries: "?limit=" is refused, and reserved characters are to be encoded.
			for (const parameter of operation.parameters ?? []) {
				delete parameter.allowEmptyValue;
				delete parameter.allowReserved;
			}
			describeEtag(method, operation);
			operation.responses = { ...operation.responses, default: problemResponse };
			operation.security = securityOf(path, method);
		}
	}
	return document;
};
