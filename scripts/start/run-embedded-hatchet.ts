// A process of its own, so that a worker that dies doesn't take its engine with it: Hatchet needs about a minute after a restart
// before it hands out work again.
import { startEmbeddedHatchet } from "@agentplanner/engine/hatchet-embedded";
import type { HatchetReady } from "./hatchet.ts";
import { messageOf } from "./start-error.ts";

const { DATABASE_URL = "", HATCHET_CLIENT_EMBEDDED_BINARY_PATH, GRPC_PORT, API_PORT } = process.env;

const stop = new Promise<void>((resolve) => {
	for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => resolve());
	process.once("disconnect", () => resolve());
});

const say =
	(level: string) =>
	(fields: object, message: string): void =>
		console.log(JSON.stringify({ level, ...fields, msg: message }));

try {
	const hatchet = await startEmbeddedHatchet({
		databaseUrl: DATABASE_URL,
		grpcPort: Number(GRPC_PORT),
		apiPort: Number(API_PORT),
		...(HATCHET_CLIENT_EMBEDDED_BINARY_PATH ? { binaryPath: HATCHET_CLIENT_EMBEDDED_BINARY_PATH } : {}),
		log: { debug: say("debug"), info: say("info"), warn: say("warn"), error: say("error") },
	});
	const { token, hostPort, apiUrl } = hatchet;
	process.send?.({ type: "ready", ...({ token, hostPort, apiUrl } satisfies HatchetReady) });
	// Waiting for signals alone keeps no process running.
	process.channel?.ref();
	await stop;
	await hatchet.stop();
	process.exit(0);
} catch (error) {
	const remedy = error instanceof Error && "remedy" in error ? `\n${error.remedy}` : "";
	process.stderr.write(`${messageOf(error)}${remedy}\n`);
	process.exit(1);
}
