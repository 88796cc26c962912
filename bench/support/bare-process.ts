import { awaitReady, launch } from "@agentplanner/e2e/product";
import { freePort } from "../../scripts/start/ports.ts";

const readyMs = 30_000;

export type BareProcess = { url: string; pid: number; [Symbol.asyncDispose](): Promise<void> };

/** Starts one of the baselines as a process of its own, on a free port. */
export const startBare = async (name: string, env: Record<string, string>): Promise<BareProcess> => {
	const port = await freePort();
	const process = launch(`bench/baselines/${name}.ts`, [], { ...env, PORT: String(port) });
	const stop = async () => {
		process.child.kill("SIGTERM");
		await process.exit;
	};
	try {
		await awaitReady(process, readyMs);
	} catch (error) {
		await stop();
		throw error;
	}
	return { url: `http://127.0.0.1:${port}`, pid: process.child.pid ?? 0, [Symbol.asyncDispose]: stop };
};
