import { createBareDatabase } from "./bare-database.ts";
import { type BareProcess, startBare } from "./bare-process.ts";

export type BareEngine = { api: BareProcess; worker: BareProcess };

type Wanted = {
	productDatabaseUrl: string;
	/** As many runs at once as the product's worker has. */
	concurrency: number;
	/** What the product's webhook sent, and where to. */
	message: string;
	receiverUrl: string;
};

/** graphile-worker alone, on a database of its own beside the product's: a process that enqueues and one that works. */
export const startBareGraphile = async (wanted: Wanted, own: AsyncDisposableStack): Promise<BareEngine> => {
	const { url } = await createBareDatabase(wanted.productDatabaseUrl, "bench_graphile");
	const env = {
		DATABASE_URL: url,
		CONCURRENCY: String(wanted.concurrency),
		MESSAGE: wanted.message,
		RECEIVER_URL: wanted.receiverUrl,
	};
	const api = own.use(await startBare("graphile-api", env));
	const worker = own.use(await startBare("graphile-worker", env));
	return { api, worker };
};
