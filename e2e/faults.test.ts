import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../scripts/testing/eventually.ts";
import { type CountingAgent, startCountingAgent } from "./support/counting-agent.ts";
import { queryAt, type Rows, withoutTimer } from "./support/database.ts";
import { type Person, signIn } from "./support/person.ts";
import { engine, type Product, startProduct } from "./support/product.ts";
import { root } from "./support/root.ts";
import { addRoutedAgent } from "./support/routed-agent.ts";

const requestCount = 200;
const perSecond = 20;
const retryMs = 200;
const giveUpMs = 60_000;
/** On Hatchet a run that its engine lost comes again by its timer alone, after a minute. */
const settleMs = engine === "hatchet" ? 180_000 : 60_000;

let product: Product;
let agent: CountingAgent;
let person: Person;
let target: { agentId: string; nodeId: string };
let query: Rows;

beforeAll(async () => {
	product = await startProduct();
	agent = await startCountingAgent({ thinkingMs: 50 });
	person = await signIn(product.url, product.login);
	target = await addRoutedAgent(person, agent.url);
	query = queryAt(product.running().databaseUrl);
}, 120_000);

afterAll(async () => {
	await product?.[Symbol.asyncDispose]();
	await agent?.close();
});

/** As a careful client asks: tries until it is accepted, always under the same key. */
const ask = async (number: number): Promise<{ id: string; tries: number }> => {
	const body = { node_id: target.nodeId, question: `Question ${number}?`, targets: [{ agent_id: target.agentId }] };
	const giveUpAt = Date.now() + giveUpMs;
	for (let tries = 1; ; tries += 1) {
		const reply = await person
			.request<{ id: string }>("POST", `/projects/${person.projectId}/requests`, body, { "idempotency-key": `question-${number}` })
			.catch(() => null);
		if (reply?.status === 202) return { id: reply.body.id, tries };
		// Refused, cut off, or "the database is away": try again. Anything else is a defect.
		if (reply && reply.status !== 503) throw new Error(`Question ${number} was answered ${reply.status}: ${JSON.stringify(reply.body)}`);
		if (Date.now() > giveUpAt) throw new Error(`Question ${number} was never accepted.`);
		await sleep(retryMs);
	}
};

/** Looks at the promise "whatever waits has its timer" all the while, also between a kill and the restart. */
const watch = () => {
	const broken: unknown[] = [];
	let looks = 0;
	const stop = new AbortController();
	const watching = (async () => {
		while (!stop.signal.aborted) {
			await withoutTimer(query).then(
				(rows) => {
					looks += 1;
					broken.push(...rows);
				},
				() => {},
			);
			await sleep(100);
		}
	})();
	return {
		end: async () => {
			stop.abort();
			await watching;
			return { broken, looks };
		},
	};
};

/** The outcomes of every delivery's attempts, in their order. */
const attemptOutcomes = async (rows: Rows): Promise<Map<string, string[]>> => {
	const attempts = await rows<{ delivery_id: string; outcomes: string[] }>(
		"select delivery_id, array_agg(coalesce(outcome, 'none') order by number) as outcomes from delivery_attempts group by delivery_id",
	);
	return new Map(attempts.map(({ delivery_id, outcomes }) => [delivery_id, outcomes]));
};

/** Messages that came more often than there were attempts to send them. */
const unexplainedCopies = (messages: Map<string, unknown[]>, outcomes: Map<string, string[]>) =>
	[...messages]
		.map(([id, arrivals]) => ({ id, arrivals: arrivals.length, attempts: outcomes.get(id) ?? [] }))
		.filter(({ arrivals, attempts }) => arrivals > attempts.length);

const checkData = () =>
	new Promise<string>((resolve) => {
		const { PATH } = process.env;
		const child = spawn(process.execPath, ["scripts/check-data.ts"], {
			cwd: root,
			env: { PATH, DATABASE_URL: product.running().databaseUrl },
		});
		let output = "";
		for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
		child.once("close", () => resolve(output.trim()));
	});

test("api, worker and PostgreSQL are killed under load: every accepted request is delivered once and answered", async () => {
	const kills: string[] = [];
	const promise = watch();
	const asked: Promise<{ id: string; tries: number }>[] = [];
	const killing = (async () => {
		for (const service of ["worker", "api", "postgres", "worker"]) {
			await sleep(1_800);
			kills.push(service);
			await product.killAndAwaitRestart(service);
		}
	})();
	for (let number = 0; number < requestCount; number += 1) {
		const question = ask(number);
		question.catch(() => {});
		asked.push(question);
		await sleep(1_000 / perSecond);
	}
	const accepted = await Promise.all(asked);
	await killing;
	const acceptedAt = Date.now();
	expect(new Set(accepted.map(({ id }) => id)).size).toBe(requestCount);

	await eventually(
		"every request is completed",
		async () => {
			const rows = await query<{ count: number }>("select count(*)::int as count from agent_requests where status = 'completed'");
			return rows[0]?.count === requestCount;
		},
		settleMs,
	);
	const settledMs = Date.now() - acceptedAt;
	const { broken, looks } = await promise.end();

	// What was accepted is what there is, and nothing waits any more.
	const byStatus = await query("select status, count(*)::int as count from agent_requests group by status");
	expect(byStatus).toEqual([{ status: "completed", count: requestCount }]);
	const deliveries = await query<{ id: string; agent_request_id: string; status: string }>(
		"select id, agent_request_id, status from message_deliveries",
	);
	expect(deliveries).toHaveLength(requestCount);
	expect(deliveries.filter(({ status }) => !["delivered", "acknowledged"].includes(status))).toEqual([]);
	expect(broken).toEqual([]);
	expect(looks).toBeGreaterThan(20);
	expect(await query("select type, subject_id from timers where due_at < now() - interval '5 seconds'")).toEqual([]);

	// Every message arrived; a second copy bears the same id and the same body, and only an attempt whose end nobody saw explains it.
	const messages = agent.byMessage();
	expect(new Set(messages.keys())).toEqual(new Set(deliveries.map(({ id }) => id)));
	const outcomes = await attemptOutcomes(query);
	const copies = [...messages.values()].filter((arrivals) => arrivals.length > 1);
	for (const [first, ...others] of copies) expect(new Set(others.map(({ bodyHash }) => bodyHash))).toEqual(new Set([first?.bodyHash]));
	expect(unexplainedCopies(messages, outcomes)).toEqual([]);
	const interrupted = [...outcomes.values()].filter((attempts) => attempts.length > 1);
	expect(interrupted.filter((attempts) => attempts.slice(0, -1).some((outcome) => outcome !== "lost" && outcome !== "unknown"))).toEqual(
		[],
	);
	expect([...outcomes.values()].filter((attempts) => attempts.at(-1) !== "delivered")).toEqual([]);

	// Numbered without gaps, chained without breaks.
	await eventually("all events are numbered", async () => (await query("select from events where position is null")).length === 0);
	expect(await checkData()).toBe("Everything is as it must be.");

	const retried = accepted.filter(({ tries }) => tries > 1).length;
	process.stdout.write(
		`${requestCount} requests, ${kills.length} kills: ${retried} asked more than once, ${interrupted.length} took more than one attempt, ${copies.length} arrived more than once, all completed ${settledMs} ms after the last was accepted, ${looks} looks at the timers\n`,
	);
}, 300_000);
