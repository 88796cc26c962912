import { sql } from "@agentplanner/db";
import { createTestDatabase } from "@agentplanner/db/testing";
import { expect, test } from "vitest";
import { createLogger } from "../src/logger.ts";

const collect = () => {
	const lines: string[] = [];
	return { lines, log: createLogger("debug", { write: (line: string) => void lines.push(line) }) };
};

test("secrets are redacted wherever a field is called like one", () => {
	const { lines, log } = collect();
	log.info({ password: "p-1", body: { password: "p-2", token: "t-3" }, headers: { authorization: "a-4", cookie: "c-5" } }, "request");
	expect(lines.join()).not.toMatch(/p-1|p-2|t-3|a-4|c-5/);
	expect(lines.join()).toContain("[redacted]");
});

test("a failed query is logged with its cause and without its values", async () => {
	const database = await createTestDatabase();
	const { lines, log } = collect();
	try {
		await database.db.orm.execute(sql`select ${"one-secret\nparams: more\n"} as a, ${"other-secret"}::int as b`);
	} catch (error) {
		log.error({ err: new Error("outer", { cause: error }) }, "failed");
	} finally {
		await database.drop();
	}
	const { err } = JSON.parse(lines[0] ?? "{}");
	expect(err.cause).toMatchObject({ type: "DrizzleQueryError", message: expect.stringContaining("select $1 as a") });
	expect(err.cause.cause).toMatchObject({ code: "22P02" });
	expect(err.cause.stack).toMatch(/\n {4}at /);
	expect(lines.join()).not.toContain("one-secret");
});
