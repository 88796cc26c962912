import { Queue } from "bullmq";
import { makeWorkerUtils } from "graphile-worker";
import { Redis } from "ioredis";
import { createBareDatabase } from "./bare-database.ts";
import { startBare } from "./bare-process.ts";
import { startRedis } from "./redis.ts";

/** What takes word of something that happened, by the question in it; resolves once that is kept. */
export type Sender = { tell(question: string): Promise<unknown>; pids: number[] };

type Message = {
	/** What the product sent, and where to. */
	message: string;
	receiverUrl: string;
};

const environment = ({ message, receiverUrl }: Message, slots: number) => ({
	SLOTS: String(slots),
	MESSAGE: message,
	RECEIVER_URL: receiverUrl,
});

/** A job of graphile-worker sends the message; on a database of its own beside the product's. */
export const startGraphileSender = async (
	productUrl: string,
	slots: number,
	message: Message,
	own: AsyncDisposableStack,
): Promise<Sender> => {
	const { url } = await createBareDatabase(productUrl, "bench_sender");
	const utils = own.adopt(await makeWorkerUtils({ connectionString: url }), (opened) => opened.release());
	await utils.migrate();
	const worker = own.use(await startBare("graphile-worker", { ...environment(message, slots), DATABASE_URL: url }));
	return { tell: (question) => utils.addJob("deliver", { question }), pids: [worker.pid] };
};

/** A job of BullMQ sends the message; null where there is no Redis. */
export const startBullSender = async (slots: number, message: Message, own: AsyncDisposableStack): Promise<Sender | null> => {
	const redis = await startRedis(own);
	if (!redis) return null;
	const connection = own.adopt(new Redis(redis.port, "127.0.0.1", { maxRetriesPerRequest: null }), (opened) => opened.disconnect());
	const queue = own.adopt(new Queue("deliver", { connection }), (opened) => opened.close());
	await queue.waitUntilReady();
	const worker = own.use(await startBare("bullmq-worker", { ...environment(message, slots), REDIS_PORT: String(redis.port) }));
	return { tell: (question) => queue.add("deliver", { question }, { removeOnComplete: true }), pids: [worker.pid] };
};
