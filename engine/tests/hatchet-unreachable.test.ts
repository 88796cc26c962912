import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, inject, test } from "vitest";
import { startEmbeddedHatchet } from "../src/hatchet-embedded.ts";
import { createEngine } from "../src/index.ts";
import { silent } from "./observations.ts";
import { unsignedToken } from "./unsigned-token.ts";

const workerName = "test";
const log = silent;

describe("Hatchet that can't be reached", () => {
	test("is said so at once, with the address and the remedy", async () => {
		const engine = await createEngine({ kind: "hatchet", token: unsignedToken, tls: "none", workerName, log });
		const started = performance.now();
		await expect(engine.work([])).rejects.toMatchObject({
			name: "EngineUnavailableError",
			remedy: expect.stringMatching(/127\.0\.0\.1:1.*HATCHET_CLIENT_HOST_PORT/),
		});
		expect(performance.now() - started).toBeLessThan(5_000);
		expect(await engine.health()).toMatchObject({ ok: false, engine: "hatchet", remedy: expect.stringContaining("127.0.0.1:1") });
		await engine.stop();
	});

	test("a token that is none is refused with the remedy", async () => {
		await expect(createEngine({ kind: "hatchet", token: "nonsense", workerName, log })).rejects.toMatchObject({
			name: "EngineUnavailableError",
			remedy: expect.stringContaining("HATCHET_CLIENT_TOKEN"),
		});
	});
});

describe("embedded Hatchet that does not start", () => {
	const remedy = expect.stringMatching(/HATCHET_CLIENT_TOKEN.*HATCHET_CLIENT_EMBEDDED_BINARY_PATH.*ENGINE=postgres/);
	const databaseUrl = () => `${inject("postgresUrl")}/hatchet`;

	test("because its file is not there", async () => {
		const starting = startEmbeddedHatchet({ databaseUrl: databaseUrl(), binaryPath: "/nowhere/sidecar", log });
		await expect(starting).rejects.toMatchObject({
			name: "EngineUnavailableError",
			message: expect.stringContaining("/nowhere/sidecar"),
			remedy,
		});
	});

	test("because it ends at once", async () => {
		const starting = startEmbeddedHatchet({ databaseUrl: databaseUrl(), binaryPath: "/bin/false", log });
		await expect(starting).rejects.toMatchObject({ name: "EngineUnavailableError", message: expect.stringContaining("code 1"), remedy });
	});

	test("because its database is away", async () => {
		const starting = startEmbeddedHatchet({ databaseUrl: "postgresql://postgres:x@127.0.0.1:1/hatchet", binaryPath: "/bin/false", log });
		await expect(starting).rejects.toMatchObject({ message: expect.stringContaining("can't reach its database"), remedy });
	});
});

test("a process that runs the Postgres engine doesn't load the Hatchet SDK", async () => {
	const script = `
		import { createRequire } from "node:module";
		const { createEngine } = await import("@agentplanner/engine");
		await createEngine({ kind: "postgres", url: "postgresql://127.0.0.1:1/none", log: console });
		console.log(JSON.stringify(Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes("hatchet"))));`;
	const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { cwd: import.meta.dirname });
	expect(stdout.trim()).toBe("[]");
});
