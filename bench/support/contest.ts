import { queryAt, type Rows } from "@agentplanner/e2e/database";
import { type Person, signIn } from "@agentplanner/e2e/person";
import { type Product, startProduct } from "@agentplanner/e2e/product";
import { addRoutedAgent } from "@agentplanner/e2e/routed-agent";
import type { Options } from "../options.ts";
import { type BareEngine, startBareGraphile } from "./bare-engine.ts";
import { type Client, openClient } from "./client.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

/** The product's WORKER_CONCURRENCY: so many deliveries at once, and a quarter of that again for the short runs. */
const deliveriesAtOnce = 20;
const othersAtOnce = 5;

const fullHistory = 6;

export type Contest = {
	product: Product;
	query: Rows;
	bareEngine: BareEngine;
	/** Asks, and answers with when the ask began and when its hit came. */
	ask: Record<"ours" | "bare", () => Promise<{ begun: number; accepted: number; hit: Promise<number> }>>;
};

const asker = (client: Client, receiver: Receiver, path: string, body: (question: string) => object) => async () => {
	const { question, hit } = receiver.nextQuestion();
	const begun = performance.now();
	await client.post(path, body(question));
	return { begun, accepted: performance.now(), hit };
};

const connectAgent = async (person: Person, receiver: Receiver) => {
	const { agentId, nodeId } = await addRoutedAgent(person, receiver.url);
	return (question: string) => ({ node_id: nodeId, question, targets: [{ agent_id: agentId }] });
};

/** The product and the engine it stands on, bare, both sending the same message to the same receiver by as many hops. */
export const startContest = async (
	options: Options,
	own: AsyncDisposableStack,
	{ answers, connections }: { answers: boolean; connections: number },
): Promise<Contest> => {
	if (options.engine === "hatchet") throw new Error("The bare Hatchet to compare with is not there yet; leave out --engine hatchet.");
	const receiver = own.use(await startReceiver({ answers }));
	const product = own.use(await startProduct({ engine: options.engine }));
	const { databaseUrl } = product.running();
	const person = await signIn(product.url, product.login);
	const body = await connectAgent(person, receiver);
	const ourClient = own.adopt(openClient(product.url, connections, person.credentials), (client) => client.close());
	const ours = asker(ourClient, receiver, `/api/v1/projects/${person.projectId}/requests`, body);

	// What the product sends is what the bare engine is given to send, once the message holds as many earlier asks as it ever does.
	for (let asks = 0; asks < fullHistory; asks += 1) await (await ours()).hit;
	const bareEngine = await startBareGraphile(
		{
			productDatabaseUrl: databaseUrl,
			concurrency: deliveriesAtOnce + othersAtOnce,
			message: receiver.lastBody(),
			receiverUrl: receiver.url,
		},
		own,
	);
	const bareClient = own.adopt(openClient(bareEngine.api.url, connections), (client) => client.close());
	const bare = asker(bareClient, receiver, "/requests", (question) => ({ question }));
	return { product, query: queryAt(databaseUrl), bareEngine, ask: { ours, bare } };
};
