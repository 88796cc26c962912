import { join } from "node:path";
import { eventually } from "../../scripts/testing/eventually.ts";
import { queryAt, type Rows } from "../support/database.ts";
import type { EngineUnderTest } from "../support/engine-under-test.ts";
import { type Person, signIn } from "../support/person.ts";
import { type Product, startProduct } from "../support/product.ts";
import { root } from "../support/root.ts";
import { addRoutedAgent, type RoutedAgent } from "../support/routed-agent.ts";

export type Attempt = {
	number: number;
	started_at: string;
	finished_at: string | null;
	duration_ms: number | null;
	outcome: string | null;
	detail: string | null;
	remedy: string | null;
	next_attempt_at: string | null;
	worker: string;
	exchange: {
		request?: { headers: Record<string, string>; body: string };
		response?: { status: number; headers: Record<string, string>; body: string; truncated: boolean };
	} | null;
};
export type Delivery = {
	id: string;
	status: string;
	reason: { code: string; message: string; remedy: string } | null;
	attempt_count: number;
	next_attempt_at: string | null;
	waits_since: string | null;
	updated_at: string;
	attempts: Attempt[];
};
type Detail = { request: { status: string }; deliveries: Delivery[]; responses: { text: string }[] };
export type Integration = {
	id: string;
	enabled: boolean;
	disabled_reason: string | null;
	held_until: string | null;
	health: string;
	breaker: { state: "closed" | "open" | "half_open"; since: string | null; next_probe_at: string | null; failures: number };
	/** In lists alone. */
	waits_since?: string | null;
	in_flight?: number;
};

export type House = AsyncDisposable & {
	product: Product;
	person: Person;
	query: Rows;
	project: string;
	connect(url: string, more?: Parameters<typeof addRoutedAgent>[2]): Promise<RoutedAgent>;
	/** Resolves with the request's id. */
	ask(agent: RoutedAgent): Promise<string>;
	detail(requestId: string): Promise<Detail>;
	/** The delivery of a request to one agent, once its last attempt has ended and it is in one of these states. */
	delivery(requestId: string, statuses: string[], ms?: number): Promise<Delivery>;
	/** Sends what waits now, as the button does; the schedule goes on counting. */
	retry(deliveryId: string): Promise<void>;
	integration(agent: RoutedAgent): Promise<Integration>;
	pid(service: string): number;
	/** Resolves once the request is completed. */
	completed(requestId: string, ms?: number): Promise<void>;
	/** Ends what a case has left open, so that it doesn't disturb the next one. */
	tidy(): Promise<void>;
};

/** As many messages at once as the connections of the embedded PostgreSQL suffice for. */
const slots = 40;
/** A project has half of them at most. */
export const mostInFlight = slots / 2;

const file = (name: string) => join(root, "e2e", "faults", name);

/** The product as `npm start` runs it, in a world where some names lead astray and a certificate authority of ours is trusted. */
export const openHouse = async (engine: EngineUnderTest, env: Record<string, string> = {}): Promise<House> => {
	const preload = `--import ${new URL(`file://${file("pretend-names.ts")}`).href}`;
	await using opened = new AsyncDisposableStack();
	const product = opened.use(
		await startProduct({
			engine,
			env: { NODE_OPTIONS: preload, NODE_EXTRA_CA_CERTS: file("tls/ca.crt"), WORKER_CONCURRENCY: String(slots), ...env },
		}),
	);
	// Where much else runs, the api may be up later than the start waits for it.
	const person = await eventually("somebody can sign in", () => signIn(product.url, product.login), 60_000, 500);
	const project = `/projects/${person.projectId}`;
	const open = new Set<string>();
	const everything = opened.move();
	const detail = (requestId: string) => person.must<Detail>("GET", `${project}/requests/${requestId}`);
	return {
		product,
		person,
		project,
		query: queryAt(product.running().databaseUrl),
		connect: (url, more) => addRoutedAgent(person, url, more),
		ask: async ({ agentId, nodeId }) => {
			const body = { node_id: nodeId, question: "What is next?", targets: [{ agent_id: agentId }] };
			const { id } = await person.must<{ id: string }>("POST", `${project}/requests`, body);
			open.add(id);
			return id;
		},
		detail,
		delivery: (requestId, statuses, ms) =>
			eventually(
				`the delivery is ${statuses.join(" or ")}`,
				async () => {
					const [delivery] = (await detail(requestId)).deliveries;
					return delivery && statuses.includes(delivery.status) ? delivery : null;
				},
				ms,
			),
		retry: async (deliveryId) => void (await person.must("POST", `${project}/deliveries/${deliveryId}/retry`)),
		integration: ({ integrationId }) => person.must<Integration>("GET", `${project}/integrations/${integrationId}`),
		completed: async (requestId, ms) => {
			await eventually("the request is completed", async () => (await detail(requestId)).request.status === "completed", ms);
		},
		pid: (service) => {
			const pid = product.running().services[service]?.pid;
			if (pid === undefined) throw new Error(`No ${service} runs.`);
			return pid;
		},
		tidy: async () => {
			for (const id of open) await person.request("POST", `${project}/requests/${id}/cancel`).catch(() => {});
			open.clear();
		},
		[Symbol.asyncDispose]: () => everything.disposeAsync(),
	};
};
