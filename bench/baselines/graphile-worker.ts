// The product's two hops on graphile-worker alone: a job that adds a job that sends the message. The second one alone is a bare sender.
import { Logger, run } from "graphile-worker";
import { postMessage } from "./post-message.ts";

type Payload = { question: string };

const concurrency = Number(process.env.SLOTS);
const runner = await run({
	connectionString: process.env.DATABASE_URL ?? "",
	concurrency,
	maxPoolSize: concurrency + 5,
	noHandleSignals: true,
	parsedCronItems: [],
	logger: new Logger(() => () => {}),
	taskList: {
		dispatch: async (payload, { addJob }) => {
			await addJob("deliver", payload as Payload);
		},
		deliver: (payload) => postMessage((payload as Payload).question),
	},
});
process.once("SIGTERM", async () => {
	await runner.stop();
	process.exit(0);
});
process.send?.({ type: "ready" });
