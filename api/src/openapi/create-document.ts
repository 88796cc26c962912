import { apiContract, type Refusal } from "@agentplanner/contracts";
import { type OpenAPI, OpenAPIGenerator } from "@orpc/openapi";
import { ZodToJsonSchemaConverter } from "@orpc/zod/zod4";
import { githubPaths } from "./github-paths.ts";
import { namedSchemas } from "./named-schemas.ts";
import { problemResponses, refusalsOf } from "./refusals.ts";
import { securityOf, securitySchemes } from "./security.ts";
import { tags } from "./tags.ts";

type Operation = {
	operationId: string;
	description?: string;
	responses: OpenAPI.ResponsesObject & Record<string, OpenAPI.ResponseObject>;
	requestBody?: OpenAPI.RequestBodyObject;
	parameters?: OpenAPI.ParameterObject[];
	security?: OpenAPI.SecurityRequirementObject[];
};

const isOperation = (value: unknown): value is Operation => typeof value === "object" && value !== null && "responses" in value;

const description = `Plans for people, answers from agents.

- **Who calls.** Pages: the session's cookie and, with every request that changes something, its \`x-csrf-token\`. Scripts: an API token
  in \`x-api-key\`, or a JWT as bearer token. Agents: the reply token that came with the request.
- **Lists** are paged: pass \`next_cursor\` as \`cursor\`; null means the end.
- **POSTs that create** take an \`Idempotency-Key\`: for 30 days a repeat makes nothing new and gets the first answer.
- **Edits** take \`If-Match\` with the \`version\` that you saw; somebody else's change in between is then a 412 instead of being lost.
- **Errors** are \`application/problem+json\` (RFC 9457): what happened, why, and what to do. A 5xx is never the caller's fault.
- **Every response** carries \`X-Request-Id\` and \`traceparent\`; send your own and the log has them.`;

const etag: OpenAPI.HeaderObject = {
	description: "The `version` in quotes, as `If-Match` of an edit expects it",
	required: true,
	schema: { type: "string", pattern: '^"[\\w-]+"$' },
};

const setCookie: OpenAPI.HeaderObject = { description: "Begins the session", required: true, schema: { type: "string" } };

const schemaOf = (document: OpenAPI.Document, schema: unknown): unknown => {
	const reference = typeof schema === "object" && schema !== null && "$ref" in schema ? String(schema.$ref) : null;
	return reference ? document.components?.schemas?.[reference.replace("#/components/schemas/", "")] : schema;
};

/** Reads and edits of what has a version say it as ETag. */
const isVersioned = (document: OpenAPI.Document, method: string, { responses, parameters = [] }: Operation): boolean => {
	const schema = schemaOf(document, responses[200]?.content?.["application/json"]?.schema);
	const properties = typeof schema === "object" && schema !== null && "properties" in schema ? schema.properties : {};
	const readsOrEdits = method !== "post" || parameters.some(({ name }) => name === "if-match");
	return readsOrEdits && typeof properties === "object" && properties !== null && "version" in properties;
};

const refusesOf = (operationId: string): readonly Refusal[] => {
	const [feature = "", name = ""] = operationId.split(".");
	const contracts = apiContract as unknown as Record<string, Record<string, { "~orpc": { meta: { refuses: readonly Refusal[] } } }>>;
	return contracts[feature]?.[name]?.["~orpc"].meta.refuses ?? [];
};

const finish = (document: OpenAPI.Document, path: string, method: string, operation: Operation): void => {
	// The generator gives every operation a body; with GET it means nothing.
	if (method === "get") delete operation.requestBody;
	// See json-body.ts.
	if (["documents.importPlan", "documents.previewImport"].includes(operation.operationId))
		Object.assign(operation.requestBody?.content ?? {}, { "text/markdown": { schema: { type: "string", minLength: 1 } } });
	// Its defaults for queries: "?limit=" is refused, and reserved characters are to be encoded.
	for (const parameter of operation.parameters ?? []) {
		delete parameter.allowEmptyValue;
		delete parameter.allowReserved;
		if (typeof parameter.schema === "object" && "description" in parameter.schema) {
			const { description, ...schema } = parameter.schema;
			Object.assign(parameter, { description, schema });
		}
	}
	for (const [status, response] of Object.entries(operation.responses)) {
		response.description = status === "202" ? "Recorded; the work goes on" : "Done";
		if (status === "200" && isVersioned(document, method, operation)) response.headers = { ETag: etag };
		if (["auth.login", "auth.register"].includes(operation.operationId)) response.headers = { "Set-Cookie": setCookie };
	}
	operation.security = securityOf(operation.operationId, method, path);
	const facts = {
		method,
		path,
		headers: (operation.parameters ?? []).flatMap(({ in: place, name }) => (place === "header" ? [name] : [])),
		hasBody: operation.requestBody !== undefined,
		needsSession: operation.security.length > 0,
		refuses: refusesOf(operation.operationId),
	};
	Object.assign(operation.responses, refusalsOf(facts));
};

const references = (value: unknown): string[] => {
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, part]) => (key === "$ref" ? [String(part)] : references(part)));
};

/** Leaves out shapes that nothing over HTTP has, such as the socket's. */
const dropUnused = (document: OpenAPI.Document): void => {
	const schemas = document.components?.schemas ?? {};
	const used = new Set<string>();
	const use = (value: unknown): void => {
		for (const reference of references(value)) {
			const name = reference.replace("#/components/schemas/", "");
			if (used.has(name)) continue;
			used.add(name);
			use(schemas[name]);
		}
	};
	use(document.paths);
	use(document.components?.responses);
	for (const name of Object.keys(schemas)) if (!used.has(name)) delete schemas[name];
};

/** The API as an OpenAPI 3.1 document, made from the contract alone. */
export const createOpenApiDocument = async (options: { publicUrl: string; cookieName: string }): Promise<OpenAPI.Document> => {
	const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
	const document = await generator.generate(apiContract, {
		info: { title: "AgentPlanner", version: "1", description, license: { name: "MIT", identifier: "MIT" } },
		servers: [{ url: `${options.publicUrl}/api/v1` }],
		tags,
		commonSchemas: namedSchemas(),
		components: { responses: problemResponses(), securitySchemes: securitySchemes(options.cookieName) },
	});
	for (const [path, item] of Object.entries(document.paths ?? {}))
		for (const [method, operation] of Object.entries(item ?? {})) if (isOperation(operation)) finish(document, path, method, operation);
	Object.assign(document.paths ?? {}, githubPaths);
	dropUnused(document);
	return document;
};
