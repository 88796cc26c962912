import { createBareDatabase } from "./bare-database.ts";
import { type BareProcess, startBare } from "./bare-process.ts";

export type BareEngine = { api: BareProcess; worker: BareProcess };

type Message = {
	/** What the product's webhook sent, and where to. */
	message: string;
	receiverUrl: string;
};

const startBoth = async (name: string, env: Record<string, string>, message: Message, own: AsyncDisposableStack): Promise<BareEngine> => {
	const api = own.use(await startBare(`${name}-api`, env));
	const worker = own.use(await startBare(`${name}-worker`, { ...env, MESSAGE: message.message, RECEIVER_URL: message.receiverUrl }));
	return { api, worker };
};

/** graphile-worker alone, on a database of its own beside the product's. */
export const startBareGraphile = async (
	productDatabaseUrl: string,
	slots: number,
	message: Message,
	own: AsyncDisposableStack,
): Promise<BareEngine> => {
	const { url } = await createBareDatabase(productDatabaseUrl, "bench_graphile");
	return startBoth("graphile", { DATABASE_URL: url, SLOTS: String(slots) }, message, own);
};

/** Hatchet's SDK alone, on the product's own Hatchet. */
export const startBareHatchet = (
	address: Record<string, string>,
	slots: number,
	message: Message,
	own: AsyncDisposableStack,
): Promise<BareEngine> => startBoth("hatchet", { ...address, SLOTS: String(slots) }, message, own);
