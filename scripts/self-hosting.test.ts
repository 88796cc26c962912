import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { guideFile, meanings, variableNames, withTable } from "./self-hosting-variables.ts";
import { root } from "./start/root.ts";

const guide = readFileSync(guideFile, "utf8");
const blocks = (language: string) =>
	[...guide.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map((match) => match[1] ?? "");

describe("docs/self-hosting.md", () => {
	test("explains every variable, and no other", () => {
		expect(Object.keys(meanings).sort()).toEqual([...variableNames].sort());
	});

	test("has the table of variables as they are", () => {
		expect(guide === withTable(guide) ? "" : "Run: npx node scripts/self-hosting-variables.ts").toBe("");
	});

	test("names services of the compose file alone", () => {
		const { services } = parse(readFileSync(join(root, "docker-compose.yml"), "utf8"), { merge: true }) as {
			services: Record<string, unknown>;
		};
		const text = blocks("sh").join("");
		const commands = text.matchAll(/docker compose (?:--profile \w+ )?(?:exec|logs|restart|up|run)((?: [^ \n|<>'"]+)*)/g);
		const named = [...commands].flatMap((match) => {
			const words = (match[1] ?? "")
				.replace(/ --(entrypoint|scale) \S+/g, "")
				.split(" ")
				.filter((word) => word && !word.startsWith("-"));
			return words.slice(0, 1);
		});
		expect(named.length).toBeGreaterThan(3);
		expect(named.filter((name) => !(name in services))).toEqual([]);
	});
});

describe("the guide's SQL", () => {
	let database: TestDatabase;
	beforeAll(async () => {
		database = await createTestDatabase();
	});
	afterAll(() => database.drop());

	test("is found by this test", () => {
		expect(blocks("sql").length).toBeGreaterThan(8);
	});

	test.each(blocks("sql"))("runs on today's tables: %s", async (query) => {
		const client = await database.db.pool.connect();
		try {
			await client.query("begin");
			await client.query(query);
		} finally {
			await client.query("rollback");
			client.release();
		}
	});
});
