import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { type BreakableWire, openWire } from "../../scripts/testing/breakable-wire.ts";
import { queryAt, type Rows } from "./database.ts";
import type { EngineUnderTest } from "./engine-under-test.ts";
import { type Person, signIn } from "./person.ts";
import { type Launch, type Product, startProduct } from "./product.ts";
import { startWorkerBeside } from "./worker-beside.ts";

declare module "vitest" {
	interface ProvidedContext {
		/** Server-wide connection string of the test run's PostgreSQL; ends without a database name. */
		postgresUrl: string;
	}
}

export type ApiAlone = {
	product: Product;
	person: Person;
	query: Rows;
	/** Between the processes and their database. */
	wire: BreakableWire;
	/** Resolves once it takes work. */
	startWorker(engine: EngineUnderTest, env?: Record<string, string>): Promise<Launch>;
	/** Stops the workers too, and drops the database. */
	[Symbol.asyncDispose](): Promise<void>;
};

/** The product without a worker, on a database of its own; workers are started beside it one by one. */
export const startApiAlone = async (): Promise<ApiAlone> => {
	await using opened = new AsyncDisposableStack();
	const server = new URL(`${inject("postgresUrl")}/postgres`);
	const database = `e2e_${randomBytes(6).toString("hex")}`;
	const onServer = queryAt(server.href);
	await onServer(`create database ${database}`);
	opened.defer(async () => void (await onServer(`drop database if exists ${database} with (force)`)));
	const wire = await openWire(Object.assign(server, { pathname: database }).href);
	opened.defer(() => wire.close());
	const env = { DATABASE_URL: wire.url, ENCRYPTION_KEY: randomBytes(32).toString("base64") };
	const product = opened.use(await startProduct({ args: ["--no-worker"], env }));
	const person = await signIn(product.url, product.login);
	const everything = opened.move();
	return {
		product,
		person,
		query: queryAt(wire.url),
		wire,
		startWorker: async (engine, more = {}) => everything.use(await startWorkerBeside(product, engine, { ...env, ...more })),
		[Symbol.asyncDispose]: () => everything.disposeAsync(),
	};
};
