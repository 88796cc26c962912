import { join } from "node:path";
import type { EngineUnderTest } from "./engine-under-test.ts";
import { awaitReady, type Launch, launch, type Product } from "./product.ts";

const readyMs = 60_000;

/** Another worker on a product's database. `env` brings the key where the product's folder has none. */
export const launchWorkerBeside = (product: Product, engine: EngineUnderTest, env: Record<string, string> = {}): Launch =>
	launch("worker/src/main.ts", [], {
		DATABASE_URL: product.running().databaseUrl,
		...(env.ENCRYPTION_KEY ? {} : { ENCRYPTION_KEY_FILE: join(product.dataDir, "encryption-key") }),
		...engine.env,
		WORKER_HEALTH_PORT: "0",
		PUBLIC_URL: product.url,
		...env,
	});

/** The same, once it takes work. */
export const startWorkerBeside = async (...options: Parameters<typeof launchWorkerBeside>): Promise<Launch & AsyncDisposable> => {
	const worker = launchWorkerBeside(...options);
	const end = async () => {
		worker.child.kill("SIGTERM");
		await worker.exit;
	};
	try {
		await awaitReady(worker, readyMs);
	} catch (error) {
		await end();
		throw error;
	}
	return { ...worker, [Symbol.asyncDispose]: end };
};
