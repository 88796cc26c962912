import { expect, test } from "vitest";
import { createEngine } from "../src/index.ts";
import { conformance } from "./conformance.ts";
import { silent } from "./observations.ts";

conformance("Postgres", {
	makeEngine: (url) => createEngine({ kind: "postgres", url, log: silent }),
	engineSettings: (url) => ({ kind: "postgres", url }),
	startMs: 3_000,
	retryMs: 8_000,
	recoveryMs: 5_000,
});

test("a database that can't be reached is said so with the remedy", async () => {
	const engine = await createEngine({ kind: "postgres", url: "postgresql://postgres:x@127.0.0.1:1/none", log: silent });
	await expect(engine.work([])).rejects.toMatchObject({ name: "EngineUnavailableError", remedy: expect.stringContaining("DATABASE_URL") });
	expect(await engine.health()).toMatchObject({ ok: false, remedy: expect.stringContaining("DATABASE_URL") });
	await engine.stop();
});
