import { readFileSync } from "node:fs";
import type { z } from "zod";

/** Every problem with the settings at once, each with its remedy. */
export class SettingsError extends Error {
	override name = "SettingsError";
	readonly problems: readonly string[];
	constructor(problems: string[]) {
		super(`The settings can't be used:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
		this.problems = problems;
	}
}

export type Environment = Record<string, string | undefined>;

/** An empty value counts as none: `NAME=` is what a commented-out line of a compose file becomes. */
const readValues = (env: Environment, secretNames: readonly string[], problems: string[]): Record<string, string> => {
	const values: Record<string, string> = {};
	for (const [name, value] of Object.entries(env)) if (value !== undefined && value.trim() !== "") values[name] = value;
	for (const name of secretNames) {
		const file = values[`${name}_FILE`];
		if (file === undefined) continue;
		if (values[name] !== undefined) {
			problems.push(`${name} and ${name}_FILE are both set: keep one of them`);
			continue;
		}
		try {
			const value = readFileSync(file, "utf8").trim();
			if (value === "") problems.push(`${name}_FILE is empty (${file}): write the value into it`);
			else values[name] = value;
		} catch (error) {
			problems.push(`${name}_FILE can't be read (${error instanceof Error ? error.message : file}): check the path and its permissions`);
		}
	}
	return values;
};

/**
 * Reads a process's settings from its environment; a secret can also be given as the path of a file in `NAME_FILE`.
 * Throws SettingsError with all problems at once.
 */
export const readSettings = <Schema extends z.ZodType>(
	schema: Schema,
	secretNames: readonly string[],
	env: Environment,
): z.infer<Schema> => {
	const problems: string[] = [];
	const values = readValues(env, secretNames, problems);
	const redis = Object.keys(values).filter((name) => name.startsWith("REDIS_"));
	if (redis.length > 0) problems.push(`AgentPlanner needs no Redis: everything is kept in PostgreSQL. Remove ${redis.join(", ")}`);
	const parsed = schema.safeParse(values);
	if (parsed.success && problems.length === 0) return parsed.data;
	const known = (name: string) => problems.some((problem) => problem.startsWith(`${name}_FILE`));
	for (const issue of parsed.error?.issues ?? []) if (!known(String(issue.path[0]))) problems.push(issue.message);
	throw new SettingsError(problems);
};
