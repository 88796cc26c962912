import { queryAt, type Rows } from "@agentplanner/e2e/database";
import { type Person, signIn } from "@agentplanner/e2e/person";
import { addRoutedAgent } from "@agentplanner/e2e/routed-agent";
import type { Options } from "../options.ts";
import { startBareGraphile, startBareHatchet } from "./bare-engine.ts";
import { type Client, openClient } from "./client.ts";
import { startProductOn } from "./product-on.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

/** The product's WORKER_CONCURRENCY; on Postgres it has 5 more for the runs that wait for nobody. */
const slots = { hatchet: 20, postgres: 25 };
/** So many earlier asks a message tells of, and the one it is about. */
const fullHistory = 6;

export type Ask = () => Promise<{ begun: number; accepted: number; hit: Promise<number> }>;

export type Contest = {
	query: Rows;
	/** Of the api and the worker of either side. */
	pids: Record<"ours" | "bare", { api: number; worker: number }>;
	/** Asks; resolves once that is accepted, with when the ask began and when its hit comes. */
	ask: { ours: Ask; bare: Ask };
	/** What the product is compared with, and by how many hops either side gets there. */
	about: { engine: string; hops: string };
};

const asker =
	(client: Client, receiver: Receiver, path: string, body: (question: string) => object): Ask =>
	async () => {
		const { question, hit } = receiver.nextQuestion();
		const begun = performance.now();
		await client.post(path, body(question));
		return { begun, accepted: performance.now(), hit };
	};

const connectAgent = async (person: Person, receiver: Receiver) => {
	const { agentId, nodeId } = await addRoutedAgent(person, receiver.url);
	return (question: string) => ({ node_id: nodeId, question, targets: [{ agent_id: agentId }] });
};

const about = {
	postgres: { engine: "graphile-worker", hops: "2 jobs: dispatch-request, deliver-message; bare, a job that adds a job" },
	hatchet: { engine: "Hatchet", hops: "3 task runs: dispatch-request's two steps, deliver-message; bare, two steps and a child" },
};

/** The product and the engine it stands on, bare, both sending the same message to the same receiver by as many hops. */
export const startContest = async (
	{ engine }: Options,
	own: AsyncDisposableStack,
	{ answers, connections }: { answers: boolean; connections: number },
): Promise<Contest> => {
	const receiver = own.use(await startReceiver({ answers }));
	const { product, hatchet } = await startProductOn(engine, own);
	const person = await signIn(product.url, product.login);
	const body = await connectAgent(person, receiver);
	const ourClient = own.adopt(openClient(product.url, connections, person.credentials), (client) => client.close());
	const ours = asker(ourClient, receiver, `/api/v1/projects/${person.projectId}/requests`, body);

	// What the product sends is what the bare engine is given to send, once the message holds as many earlier asks as it ever does.
	for (let asks = 0; asks < fullHistory; asks += 1) await (await ours()).hit;
	const message = { message: receiver.lastBody(), receiverUrl: receiver.url };
	const bareEngine = await (engine === "hatchet"
		? startBareHatchet(hatchet, slots.hatchet, message, own)
		: startBareGraphile(product.running().databaseUrl, slots.postgres, message, own));
	const bareClient = own.adopt(openClient(bareEngine.api.url, connections), (client) => client.close());
	const bare = asker(bareClient, receiver, "/requests", (question) => ({ question }));
	const { databaseUrl, services } = product.running();
	const pids = {
		ours: { api: services.api?.pid ?? 0, worker: services.worker?.pid ?? 0 },
		bare: { api: bareEngine.api.pid, worker: bareEngine.worker.pid },
	};
	return { query: queryAt(databaseUrl), pids, ask: { ours, bare }, about: about[engine] };
};
