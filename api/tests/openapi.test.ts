import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { apiContract } from "@agentplanner/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { router } from "../src/routes/index.ts";
import { type Json, startApi, type TestApi } from "./start-api.ts";

let api: TestApi;
let document: Json;
beforeAll(async () => {
	api = await startApi();
	document = (await api.caller().call("GET", "/api/openapi.json")).body;
});
afterAll(() => api.close());

const endpoints = Object.entries(apiContract).flatMap(([feature, contracts]) =>
	Object.entries(contracts).map(([name, contract]) => ({ feature, name, route: (contract as Json)["~orpc"].route })),
);

const folder = fileURLToPath(new URL("../src/routes", import.meta.url));
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts") && name !== "index.ts");
const camelCase = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Every $ref in the document. */
const references = (value: Json): string[] => {
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, part]) => (key === "$ref" ? [String(part)] : references(part)));
};

const resolve = (reference: string) =>
	reference
		.replace(/^#\//, "")
		.split("/")
		.reduce((part: Json, key) => part?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], document);

describe("the OpenAPI document", () => {
	test("is 3.1, needs no session, and all its references lead somewhere", async () => {
		expect(document.openapi).toMatch(/^3\.1\./);
		expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
		expect(document.servers).toEqual([{ url: "http://planner.test/api/v1" }]);
		for (const reference of new Set(references(document))) expect(resolve(reference), reference).toBeDefined();
	});

	test("has every endpoint of the contract, with its parameters, body, success and problem responses", () => {
		for (const { feature, name, route } of endpoints) {
			const operation = document.paths[route.path]?.[route.method.toLowerCase()];
			expect(operation, `${route.method} ${route.path}`).toMatchObject({
				operationId: expect.any(String),
				summary: route.summary,
				tags: [feature],
			});
			expect(operation.responses[route.successStatus].content["application/json"].schema, name).toBeDefined();
			const { [route.successStatus]: _, ...refusals } = operation.responses;
			expect(Object.keys(refusals), name).toEqual(expect.arrayContaining(["400", "401", "503"]));
			for (const [status, refusal] of Object.entries<Json>(refusals)) {
				const { description, content } = resolve(refusal.$ref);
				expect(description.length, status).toBeGreaterThan(20);
				expect(content["application/problem+json"].schema).toEqual({ $ref: "#/components/schemas/Problem" });
			}
			const named = (operation.parameters ?? [])
				.filter((parameter: Json) => parameter.in === "path")
				.map((parameter: Json) => parameter.name);
			expect(named.sort()).toEqual([...route.path.matchAll(/\{(\w+)\}/g)].map((match: Json) => match[1]).sort());
		}
		const operations = Object.values(document.paths).flatMap((item: Json) => Object.keys(item));
		expect(operations).toHaveLength(endpoints.length + 2);
		for (const path of ["/auth/github", "/auth/github/callback"])
			expect(document.paths[path].get.responses[302].headers.Location.required).toBe(true);
		const ids = Object.values(document.paths).flatMap((item: Json) => Object.values(item).map((operation: Json) => operation.operationId));
		expect(new Set(ids).size).toBe(ids.length);
	});

	test("gives no GET a body and no query an empty value", () => {
		for (const [path, item] of Object.entries<Json>(document.paths)) {
			expect(item.get ?? {}, path).not.toHaveProperty("requestBody");
			for (const operation of Object.values<Json>(item))
				for (const parameter of operation.parameters ?? []) expect(Object.keys(parameter), path).not.toContain("allowEmptyValue");
		}
		expect(document.paths["/projects"].post.requestBody.required).toBe(true);
	});

	test("names the ETag of exactly those endpoints that send one", () => {
		const described = Object.values<Json>(document.paths).flatMap((item) =>
			Object.values<Json>(item).flatMap((operation) =>
				operation.responses[200]?.headers?.ETag ? [operation.operationId.split(".")[1]] : [],
			),
		);
		const sending = files.filter((file) => readFileSync(`${folder}/${file}`, "utf8").includes("reply.version("));
		expect(described.sort()).toEqual(sending.map((file) => camelCase(file.replace(/^.*\/|\.ts$/g, ""))).sort());
	});

	test("says for every endpoint who may call it", () => {
		const security = (method: string, path: string) => document.paths[path][method].security;
		expect(security("post", "/auth/login")).toEqual([]);
		expect(security("get", "/projects")).toEqual([{ session: [] }, { accessToken: [] }]);
		expect(security("post", "/projects")).toEqual([{ session: [], csrf: [] }, { accessToken: [] }]);
		expect(security("get", "/projects/{projectId}/tokens")).toEqual([{ session: [] }, { accessToken: [] }]);
		expect(security("get", "/projects/{projectId}/plans")).toEqual([
			{ session: [] },
			{ accessToken: [] },
			{ apiKey: [] },
			{ apiToken: [] },
		]);
		expect(security("post", "/projects/{projectId}/requests/{requestId}/responses")).toEqual([
			{ session: [], csrf: [] },
			{ accessToken: [] },
			{ apiKey: [] },
			{ apiToken: [] },
			{ replyToken: [] },
		]);
		const schemes = Object.keys(document.components.securitySchemes);
		for (const item of Object.values<Json>(document.paths))
			for (const operation of Object.values<Json>(item))
				for (const requirement of operation.security) expect(schemes).toEqual(expect.arrayContaining(Object.keys(requirement)));
	});
});

describe("the route files", () => {
	test("are one per endpoint, named like it, and all mounted", async () => {
		const expected = endpoints.map(({ feature, name }) => `${feature}.${name}`).sort();
		const found = files.map((file) => camelCase(file.replace(/\.ts$/, "").replace("/", "."))).sort();
		expect(found).toEqual(expected);
		for (const file of files) {
			const [feature = "", name = ""] = camelCase(file.replace(/\.ts$/, "")).split("/");
			const module = await import(/* @vite-ignore */ `${folder}/${file}`);
			expect(Object.keys(module), file).toEqual([name]);
			const mounted = (router as Json)[feature]?.[name]?.["~orpc"].handler;
			expect(mounted, file).toBe(module[name]["~orpc"].handler);
		}
	});

	test("answer at the address of their contract", async () => {
		for (const { route } of endpoints) {
			const path = route.path.replace(/\{\w+\}/g, "00000000-0000-7000-8000-000000000000");
			const reply = await api.caller().call(route.method, `/api/v1${path}`);
			// A public link that was made up is told by its own 404.
			const answers = route.path.startsWith("/public/") ? [404] : [200, 400, 401];
			expect(answers, `${route.method} ${route.path}`).toContain(reply.status);
		}
	});
});
