// The product's hops on Hatchet alone: an event starts a workflow of two steps, which spawns a child that sends the message.
import { asked, connectHatchet } from "./hatchet-client.ts";
import { postMessage } from "./post-message.ts";

type Ask = { question: string };

const hatchet = connectHatchet();
const deliver = hatchet.task({
	name: "bench-deliver",
	fn: async ({ question }: Ask) => {
		await postMessage(question);
		return {};
	},
});
const dispatch = hatchet.workflow<Ask>({ name: "bench-dispatch", onEvents: [asked] });
const route = dispatch.task({ name: "route", fn: async () => ({}) });
dispatch.task({
	name: "fan-out",
	parents: [route],
	fn: async (ask) => {
		await deliver.runNoWait(ask);
		return {};
	},
});

const worker = await hatchet.worker("bench", { workflows: [dispatch, deliver], slots: Number(process.env.SLOTS), handleKill: false });
process.once("SIGTERM", async () => {
	await worker.stop();
	process.exit(0);
});
void worker.start();
await worker.waitUntilReady(20_000);
process.send?.({ type: "ready" });
