import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { line, ProjectParams } from "@agentplanner/contracts";
import { afterAll, expect, test } from "vitest";
import { type Environment, readSettings, SettingsError } from "./settings.ts";

// core has no zod of its own, so an empty object of the contracts is where this schema starts.
const schema = ProjectParams.omit({ projectId: true }).extend({
	PORT: line(5).default("3000"),
	SECRET: line(9).refine((value) => value.startsWith("s"), "SECRET must start with s"),
	URL: line(9).refine((value) => value.startsWith("h"), "URL must start with h"),
});

const folder = mkdtempSync(join(tmpdir(), "settings-"));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (content: string) => {
	const path = join(folder, `${Math.random()}`);
	writeFileSync(path, content);
	return path;
};
const read = (env: Environment) => readSettings(schema.loose(), ["SECRET"], env);
const problemsOf = (env: Environment) => {
	try {
		read(env);
		return [];
	} catch (error) {
		if (!(error instanceof SettingsError)) throw error;
		for (const problem of error.problems) expect(error.message).toContain(problem);
		return error.problems;
	}
};

test("values come from the environment; an empty one counts as none", () => {
	expect(read({ SECRET: "s1", URL: "http", PORT: " " })).toMatchObject({ SECRET: "s1", URL: "http", PORT: "3000" });
});

test("a secret comes from a file as well, without its line break", () => {
	expect(read({ SECRET_FILE: fileOf("s-file\n"), URL: "http" })).toMatchObject({ SECRET: "s-file" });
});

test("all problems are told at once", () => {
	expect(problemsOf({ SECRET: "x", URL: "x", REDIS_URL: "redis://" })).toEqual([
		expect.stringContaining("Remove REDIS_URL"),
		"SECRET must start with s",
		"URL must start with h",
	]);
});

test("a secret that is given twice, or whose file can't be read or is empty, is named by its file alone", () => {
	const URL = "http";
	expect(problemsOf({ SECRET: "s1", SECRET_FILE: fileOf("s2"), URL })).toEqual([
		expect.stringContaining("SECRET and SECRET_FILE are both set"),
	]);
	expect(problemsOf({ SECRET_FILE: join(folder, "missing"), URL })).toEqual([expect.stringContaining("SECRET_FILE can't be read")]);
	expect(problemsOf({ SECRET_FILE: fileOf(" \n"), URL })).toEqual([expect.stringContaining("SECRET_FILE is empty")]);
	expect(problemsOf({ SECRET_FILE: join(folder, "missing"), URL: "x" })).toHaveLength(2);
});

test("what isn't named as a secret is not read from a file", () => {
	expect(problemsOf({ SECRET: "s1", URL_FILE: fileOf("http") })).toHaveLength(1);
});

test("problems don't show the values", () => {
	expect(problemsOf({ SECRET: "hunter2", URL: "http" }).join()).not.toContain("hunter2");
});
