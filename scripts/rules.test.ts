import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { adapters } from "@agentplanner/adapters";
import { apiContract } from "@agentplanner/contracts";
import { describe, expect, test } from "vitest";
import { environmentSchema as apiEnvironment } from "../api/src/config.ts";
import { environmentSchema as workerEnvironment } from "../worker/src/config.ts";
import { root } from "./start/root.ts";

const read = (file: string) => readFileSync(join(root, file), "utf8");
const isTest = (file: string) => /(\.test\.tsx?$|\/tests?\/|\/testing\b|\/fixtures\/)/.test(file);
const sources = (pattern: string) => globSync(pattern, { cwd: root }).filter((file) => !isTest(file) && !file.includes("node_modules"));

const emits = (text: string) => /\bemit\(/.test(text);

/** A verb may leave emitting to a function of core that it imports, e.g. closeRequest. */
const importedEmits = (file: string, text: string) =>
	[...text.matchAll(/from "(\.\.?\/[^"]+\/?[^"]+\.ts)"/g)]
		.map((match) => join(dirname(file), match[1] ?? ""))
		.filter((path) => path.split("/").length > 3 && existsSync(join(root, path)))
		.some((path) => emits(read(path)));

describe("a verb that writes", () => {
	const verbs = sources("core/src/*/*.ts").filter((file) => /\binTransaction\(/.test(read(file)));
	const imports = sources("api/src/**/*.ts").flatMap((file) => [...read(file).matchAll(/import \{([^}]+)\} from "@agentplanner\/core"/g)]);
	const importedByApi = new Set(imports.flatMap((match) => match[1]?.match(/\w+/g) ?? []));
	const exported = (text: string) => [...text.matchAll(/export const (\w+) = /g)].map((match) => match[1] ?? "");
	const calledByApi = (file: string) => exported(read(file)).some((name) => importedByApi.has(name));

	test("is found by this test", () => {
		expect(verbs.length).toBeGreaterThan(10);
		expect(verbs.filter(calledByApi).length).toBeGreaterThan(10);
	});

	test.each(verbs.filter(calledByApi))("%s asks whether the caller may", (file) => {
		expect(read(file)).toMatch(/\b(authorize\w*|requireUser|assertMayInPlan)\(|\/\/ no authorize: \S/);
	});

	test.each(verbs)("%s records an event, or says why not", (file) => {
		const text = read(file);
		expect(emits(text) || importedEmits(file, text) || /\/\/ no event: \S/.test(text)).toBe(true);
	});
});

test("an adapter is named nowhere but in adapters/", () => {
	const quoted = new RegExp(`["'\`](${adapters.map(({ id }) => id).join("|")})["'\`]`);
	const elsewhere = sources("{contracts,db,core,engine,api,worker,frontend}/src/**/*.{ts,tsx}");
	expect(elsewhere.filter((file) => quoted.test(read(file)))).toEqual([]);
});

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

test("every endpoint has the route file of its name", () => {
	const files = Object.entries(apiContract).flatMap(([feature, endpoints]) =>
		Object.keys(endpoints).map((name) => `api/src/routes/${kebab(feature)}/${kebab(name)}.ts`),
	);
	expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test("environment variables are read by configurations alone", () => {
	const readers = sources("{contracts,db,core,engine,adapters,api,worker,frontend}/src/**/*.{ts,tsx}").filter((file) =>
		/process\.env\b/.test(read(file)),
	);
	// The starter of PostgreSQL hands on PATH; the two main files hand the environment to their loadConfig.
	expect(readers.filter((file) => !/(\/config\.ts|\/main\.ts|^db\/src\/embedded\.ts)$/.test(file))).toEqual([]);
});

test(".env.example names what the api and the worker read, and nothing else", () => {
	const documented = [...read(".env.example").matchAll(/^#? ?([A-Z][A-Z_]+)=/gm)].map((match) => match[1] ?? "");
	const readByStart = ["DATA_DIR"];
	const known = [...Object.keys(apiEnvironment.shape), ...Object.keys(workerEnvironment.shape), ...readByStart];
	expect(new Set(documented)).toEqual(new Set(known));
	expect(documented.length).toBe(new Set(documented).size);
});

test("the defaults in .env.example are the real ones", () => {
	const documented = [...read(".env.example").matchAll(/^([A-Z][A-Z_]+)=(.+)$/gm)].map((match) => [match[1] ?? "", match[2]] as const);
	const schemas = { ...apiEnvironment.shape, ...workerEnvironment.shape } as Record<
		string,
		{ safeParse(value: unknown): { data?: unknown } }
	>;
	for (const [name, value] of documented)
		if (schemas[name]) expect([name, String(schemas[name].safeParse(undefined).data)]).toEqual([name, value]);
});
