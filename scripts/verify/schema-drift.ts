import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "../start/root.ts";
import { type Check, inModules, runNode } from "./check.ts";

const migrations = join(root, "db", "migrations");
const sqlIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith(".sql"));

/** Generates a migration into a copy of the folder: if there is one to generate, schema and migrations disagree. */
export const schemaDrift: Check = {
	name: "schema and migrations",
	run: async () => {
		const drizzleKit = inModules("drizzle-kit", "bin.cjs");
		const inconsistent = await runNode([drizzleKit, "check", "--config", "drizzle.config.ts"]);
		if (inconsistent) return inconsistent;
		// drizzle-kit takes only a folder relative to the checkout.
		const copy = mkdtempSync(join(root, "node_modules", ".schema-drift-"));
		try {
			cpSync(migrations, copy, { recursive: true });
			const out = `./${relative(root, copy)}`;
			const failed = await runNode([
				drizzleKit,
				"generate",
				"--dialect=postgresql",
				"--schema=./db/src/schema/*.ts",
				"--casing=snake_case",
				`--out=${out}`,
				"--name=missing",
			]);
			if (failed) return failed;
			const added = sqlIn(copy).filter((name) => !sqlIn(migrations).includes(name));
			if (added.length === 0) return null;
			const sql = added.map((name) => readFileSync(join(copy, name), "utf8")).join("\n");
			return `The schema has changes without a migration. Run "npm run db:generate" and read what it writes:\n${sql}`;
		} finally {
			rmSync(copy, { recursive: true, force: true });
		}
	},
};
