// A bare sender: a job of BullMQ sends the message.
import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { postMessage } from "./post-message.ts";

const redis = new Redis(Number(process.env.REDIS_PORT), "127.0.0.1", { maxRetriesPerRequest: null });
const worker = new Worker<{ question: string }>("deliver", ({ data }) => postMessage(data.question), {
	connection: redis,
	concurrency: Number(process.env.SLOTS),
	removeOnComplete: { count: 0 },
});
process.once("SIGTERM", async () => {
	await worker.close();
	redis.disconnect();
	process.exit(0);
});
await worker.waitUntilReady();
process.send?.({ type: "ready" });
