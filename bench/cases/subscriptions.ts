import { queryAt } from "@agentplanner/e2e/database";
import { signIn } from "@agentplanner/e2e/person";
import pg from "pg";
import type { Case } from "../case.ts";
import { type Sender, startBullSender, startGraphileSender } from "../support/bare-senders.ts";
import { alternate, type Figures, figuresOf, latencies, latencyKinds } from "../support/figures.ts";
import { closedLoop, openLoop, times } from "../support/load.ts";
import { processorMs } from "../support/process.ts";
import { startProductOn } from "../support/product-on.ts";
import { type Receiver, startReceiver } from "../support/receiver.ts";
import { howToGetRedis } from "../support/redis.ts";
import { settle } from "../support/settle.ts";

const clients = 16;
const steadyRates = [50, 200];
/** The product's WORKER_CONCURRENCY, and what it has beside it for the runs that wait for nobody. */
const slots = 25;

type Product = Awaited<ReturnType<typeof startProductOn>>["product"];

/** Subscribes the receiver; `tell` commits an event, as a write of the api does at its end. */
const subscribe = async (product: Product, receiver: Receiver, own: AsyncDisposableStack): Promise<Sender> => {
	const person = await signIn(product.url, product.login);
	const project = `/projects/${person.projectId}`;
	await person.must("POST", `${project}/subscriptions`, { name: "Measured", url: receiver.url, types: ["goal.status.changed"] });
	const { databaseUrl, services } = product.running();
	const pool = own.adopt(new pg.Pool({ connectionString: databaseUrl, max: clients }), (opened) => opened.end());
	const commit = {
		name: "commit",
		text: `with happened as (
			insert into events (project_id, type, subject_type, subject_id, data, actor)
			values ($1, 'goal.status.changed', 'goal', uuidv7(), jsonb_build_object('question', $2::text), '{"type": "system", "name": "bench"}')
			returning id)
		select pg_notify('agentplanner_events', '') from happened`,
	};
	return {
		tell: (question) => pool.query({ ...commit, values: [person.projectId, question] }),
		pids: [services.api?.pid ?? 0, services.worker?.pid ?? 0],
	};
};

/** Tells, and resolves with how long it took until the receiver was hit, in ms. */
const tellAndWait = async (sender: Sender, receiver: Receiver): Promise<number> => {
	const { question, hit } = receiver.nextQuestion();
	const begun = performance.now();
	await sender.tell(question);
	return (await hit) - begun;
};

/** From the commit of an event until its subscriber is hit, against bare senders: a job that sends the same message, and nothing else. */
export const subscriptions: Case = async ({ engine, runs, quick }, own) => {
	const receiver = own.use(await startReceiver());
	const { product } = await startProductOn(engine, own);
	const { databaseUrl } = product.running();
	const query = queryAt(databaseUrl);
	const ours = await subscribe(product, receiver, own);
	await tellAndWait(ours, receiver);
	const message = { message: receiver.lastBody(), receiverUrl: receiver.url };
	const graphile = await startGraphileSender(databaseUrl, slots, message, own);
	const bull = await startBullSender(slots, message, own);

	let told = 1;
	const measure = async (sender: Sender, count: number, work: () => Promise<number[]>): Promise<Figures> => {
		const cpuBefore = processorMs(sender.pids);
		const begun = performance.now();
		const took = await work();
		const rate = (count * 1_000) / (performance.now() - begun);
		if (sender === ours) {
			told += count;
			await settle(query);
		}
		return { rate, ...latencies(took), cpu: (processorMs(sender.pids) - cpuBefore) / count };
	};
	const closed = (sender: Sender) => {
		const count = quick ? 300 : 1_500;
		return measure(sender, count, async () => {
			const took: number[] = [];
			await closedLoop(clients, times(count), async () => took.push(await tellAndWait(sender, receiver)));
			return took;
		});
	};
	const open = (perSecond: number) => (sender: Sender) => {
		const count = perSecond * (quick ? 3 : 10);
		return measure(sender, count, () => openLoop(perSecond, count, () => tellAndWait(sender, receiver)));
	};

	const loads = [
		{ name: `closed, ${clients} clients`, run: closed },
		...steadyRates.map((perSecond) => ({ name: `open, ${perSecond}/s`, run: open(perSecond) })),
	];
	const bare = { "graphile-worker": graphile, ...(bull ? { BullMQ: bull } : {}) };
	const measured: { name: string; figures: Record<string, Figures[]> }[] = [];
	for (const { name, run } of loads) {
		const sides = Object.fromEntries(Object.entries({ ours, ...bare }).map(([side, sender]) => [side, () => run(sender)]));
		measured.push({ name, figures: await alternate(sides, { runs, warmUps: 1 }) });
	}

	const [sent] = await query<{ delivered: number }>(
		`select count(*)::int as delivered from message_deliveries delivery where kind = 'event' and status = 'delivered'
			and exists (select from delivery_attempts where delivery_id = delivery.id and outcome = 'delivered')`,
	);
	if (sent?.delivered !== told) throw new Error(`${told} events happened, ${sent?.delivered} deliveries of them are on record.`);
	return {
		title: "h. From an event to its subscriber's webhook",
		about: [
			"from the commit of an event until the subscriber is hit; bare, from adding a job, which sends the same message to the same receiver.",
			`closed: ${clients} clients, each of which tells the next one as soon as the last one has hit. open: so many a second, whatever comes of them.`,
		],
		figures: Object.keys(bare).flatMap((side) =>
			measured.flatMap(({ name, figures }) =>
				figuresOf(
					{ ours: figures.ours ?? [], bare: figures[side] ?? [] },
					{
						rate: { name: `${side}: ${name}, rate`, unit: "hits/s", better: "higher" },
						...latencyKinds(`${side}: ${name}`),
						cpu: { name: `${side}: ${name}, processor`, unit: "ms/event", better: "lower" },
					},
				),
			),
		),
		notes: [
			`Counted afterwards: ${told} events, as many deliveries with their attempt on record.`,
			"Processor: of api and worker, against the bare worker alone; neither the database's nor Redis's.",
			bull
				? "Redis appends what it is told to a file, which reaches the disk once a second; PostgreSQL waits for the disk at each commit."
				: `BullMQ wasn't measured. ${howToGetRedis}.`,
		],
	};
};
