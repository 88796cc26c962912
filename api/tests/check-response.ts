import type { OpenAPI } from "@orpc/openapi";
import Ajv2020 from "ajv/dist/2020.js";
import { createOpenApiDocument } from "../src/openapi/create-document.ts";

type Answer = { status: number; headers: Headers; body: unknown };

const prefix = "/api/v1";
const document = await createOpenApiDocument({ publicUrl: "http://planner.test", cookieName: "sid" });
const ajv = new Ajv2020.default({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema(document, "document");

const escapeKey = (key: string) => key.replaceAll("~", "~0").replaceAll("/", "~1");

const schemaOf = (path: string, method: string, status: number): string =>
	`document#/paths/${escapeKey(path)}/${method}/responses/${status}`;

const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
	Object.entries((item ?? {}) as Record<string, OpenAPI.OperationObject>).map(([method, operation]) => ({
		path,
		method,
		operation,
		pattern: new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`),
	})),
);
// Names before placeholders: /requests/preview is no request's id.
operations.sort((one, other) => one.path.split("{").length - other.path.split("{").length);

const resolve = (response: OpenAPI.ResponseObject | OpenAPI.ReferenceObject): { response: OpenAPI.ResponseObject; at: string | null } => {
	if (!("$ref" in response)) return { response, at: null };
	const name = response.$ref.replace("#/components/responses/", "");
	return { response: document.components?.responses?.[name] as OpenAPI.ResponseObject, at: `document#/components/responses/${name}` };
};

const validate = (reference: string, body: unknown, call: string): void => {
	const check = ajv.getSchema(reference) ?? ajv.compile({ $ref: reference });
	if (!check(body))
		throw new Error(`${call} has a body that its schema does not allow: ${ajv.errorsText(check.errors)}\n${JSON.stringify(body)}`);
};

/** Throws unless the API's answer is one that the OpenAPI document promises: its status, type, headers and body. */
export const checkResponse = (method: string, path: string, { status, headers, body }: Answer): void => {
	const plain = path.replace(/\?.*$/s, "");
	if (!plain.startsWith(`${prefix}/`)) return;
	const found = operations.find((one) => one.method === method.toLowerCase() && one.pattern.test(plain.slice(prefix.length)));
	if (!found) return;
	const call = `${method} ${found.path} → ${status}`;
	const described = found.operation.responses?.[status];
	if (!described)
		throw new Error(
			`${call} is not in the OpenAPI document. If it is right, name it in the contract's \`refuses\`.\n${JSON.stringify(body)}`,
		);
	const { response, at } = resolve(described);
	const types = Object.keys(response.content ?? {});
	const type = headers.get("content-type")?.split(";")[0] ?? "";
	if (!types.includes(type)) throw new Error(`${call} is ${type}, not ${types.join(" or ")}.`);
	for (const [name, header] of Object.entries(response.headers ?? {}))
		if ("required" in header && header.required && headers.get(name) === null) throw new Error(`${call} lacks the header ${name}.`);
	validate(`${at ?? schemaOf(found.path, found.method, status)}/content/${escapeKey(type)}/schema`, body, call);
};
