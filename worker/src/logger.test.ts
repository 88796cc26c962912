import { expect, test } from "vitest";
import { createLogger } from "./logger.ts";

test("a failed query is logged with its cause, without its values and without the connection", () => {
	const lines: string[] = [];
	const log = createLogger("info", { write: (line: string) => void lines.push(line) });
	const lost = Object.assign(new Error("Connection terminated"), { code: "08006", client: { password: "database-password" } });
	const failed = new Error("Failed query: insert into agent_responses values ($1)\nparams: The whole answer,\nover two lines", {
		cause: lost,
	});
	log.error({ err: failed, token: "rt_secret" }, "failed");
	const { err } = JSON.parse(lines[0] ?? "{}");
	expect(err).toMatchObject({ message: "Failed query: insert into agent_responses values ($1)", cause: { code: "08006" } });
	expect(err.stack).toContain("logger.test.ts");
	expect(lines.join()).not.toMatch(/whole answer|two lines|database-password|rt_secret/);
});
