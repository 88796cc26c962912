import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../../scripts/testing/eventually.ts";
import { type Accepted, askCarefully } from "../../support/careful-client.ts";
import { openTransaction } from "../../support/database.ts";
import type { RoutedAgent } from "../../support/routed-agent.ts";
import { startWorkerBeside } from "../../support/worker-beside.ts";
import type { FaultCase, Ground } from "../fault-case.ts";
import { type House, openHouse } from "../house.ts";
import { runKills } from "../kills/kill-run.ts";
import { after, answer, hang, type Receiver, type Script, startReceiver, status } from "../receiver.ts";

/** Half of the worker's slots: see house.ts. */
const mostInFlight = 20;

type Scene = { house: House; receiver: Receiver; agent: RoutedAgent };

const setTheScene = async ({ house: open, own }: Ground, script: Script): Promise<Scene> => {
	const house = await open();
	const receiver = own.use(await startReceiver(script));
	return { house, receiver, agent: await house.connect(receiver.url) };
};

const isAlive = (pid: number): boolean => {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
};

/** Stops a process where it stands; it goes on when the case ends, or sooner. */
const freeze = ({ own }: Ground, pid: number): (() => void) => {
	const goOn = () => void (isAlive(pid) && process.kill(pid, "SIGCONT"));
	process.kill(pid, "SIGSTOP");
	own.defer(goOn);
	return goOn;
};

const allCompleted = async (house: House, ids: string[], ms = 60_000): Promise<void> => {
	const isDone = async () => {
		const [row] = await house.query<{ count: number }>(
			"select count(*)::int as count from agent_requests where id = any($1) and status = 'completed'",
			[ids],
		);
		return row?.count === ids.length;
	};
	await eventually("every request is completed", isDone, ms);
};

const outcomesOf = async (house: House, requestId: string) =>
	(await house.detail(requestId)).deliveries[0]?.attempts.map(({ outcome }) => outcome);

/** Keeps the database's address taken, so that it can't come back before this lets go. */
const occupy = async (databaseUrl: string): Promise<() => Promise<void>> => {
	const { port, hostname } = new URL(databaseUrl);
	const impostor = createServer((socket) => socket.destroy());
	await eventually(
		"the database's port is free",
		() =>
			new Promise<boolean>((resolve) => {
				impostor.once("error", () => resolve(false));
				impostor.listen(Number(port), hostname, () => resolve(true));
			}),
		5_000,
		5,
	);
	return () => new Promise((done) => impostor.close(() => done()));
};

const shiftedClocks = async (ground: Ground, shiftMs: number): Promise<void> => {
	const clock = new URL("../shifted-clock.ts", import.meta.url).href;
	const house = ground.own.use(
		await openHouse(ground.engine, { NODE_OPTIONS: `--import ${clock}`, FAULT_CLOCK_SHIFT_MS: String(shiftMs) }),
	);
	const receiver = ground.own.use(await startReceiver([status(500), answer()]));
	const requestId = await house.ask(await house.connect(receiver.url));
	await house.completed(requestId);
	const [first, second] = receiver.hits;
	const gap = (second?.at ?? 0) - (first?.at ?? 0);
	ok(gap > 3_900 && gap < 6_000 + 1_500 * ground.patience, `${gap} ms between the attempts`);
	const signedAt = Number(first?.headers["webhook-timestamp"]) * 1_000;
	ok(Math.abs(signedAt - (first?.at ?? 0) - shiftMs) < 60_000, "the processes' clocks are off");
	await sleep(2_000);
	equal(receiver.hits.length, 2);
};

export const killFaults: readonly FaultCase[] = [
	{
		id: "C1",
		fault: "kill -9 of the api after its commit, before anything is pushed to the engine",
		expected: "Delivered without the client's doing; its repeat under the same key makes nothing new",
		quick: true,
		run: async (ground) => {
			const { house, receiver, agent } = await setTheScene(ground, [answer()]);
			// Only a worker pushes.
			const thaw = freeze(ground, house.pid("worker"));
			const key = randomUUID();
			const ask = () => askCarefully(house.person, agent, key);
			const asking = ask();
			await eventually(
				"the request is committed",
				async () => (await house.query("select 1 from agent_requests where node_id = $1", [agent.nodeId])).length === 1,
				10_000,
				5,
			);
			await house.product.killAndAwaitRestart("api");
			equal(receiver.hits.length, 0);
			thaw();
			await eventually("it is delivered", () => receiver.hits.length === 1);
			const { id } = await asking;
			equal((await ask()).id, id);
			await house.completed(id);
			await sleep(500);
			equal(receiver.hits.length, 1);
			return "Delivered once; the repeat got the same request";
		},
	},
	{
		id: "C2",
		fault: "kill -9 of the only worker with as many messages in flight as a project may have",
		expected: "0 lost, no more doubled than were in flight, all done within 5 s of its restart",
		quick: true,
		run: async (ground) => {
			const house = await ground.house();
			let killed = false;
			const receiver = ground.own.use(await startReceiver(() => (killed ? answer() : hang)));
			const agents: RoutedAgent[] = [];
			for (let made = 0; made < 5; made += 1) agents.push(await house.connect(receiver.url));
			const ids = await Promise.all(Array.from({ length: mostInFlight }, (_, at) => house.ask(agents[at % agents.length] as RoutedAgent)));
			await eventually("all are in flight", () => receiver.hits.length === ids.length);
			const killedAt = Date.now();
			killed = true;
			await house.product.killAndAwaitRestart("worker");
			await eventually("every message came again", () => receiver.hits.length === 2 * ids.length, 90_000, 20);
			const lastAt = Math.max(...receiver.hits.map(({ at }) => at));
			const [run] = await house.query<{ at: number }>("select (extract(epoch from max(started_at)) * 1000)::float8 as at from worker_runs");
			const sinceRestart = Math.round(lastAt - (run?.at ?? 0));
			await allCompleted(house, ids);
			deepEqual(
				[...receiver.byMessage().values()].map((copies) => copies.length),
				ids.map(() => 2),
			);
			ok(sinceRestart <= 5_000 * ground.patience, `the last one came ${sinceRestart} ms after the restart`);
			ground.measured(
				`all ${ids.length} were sent again ${sinceRestart} ms after the new worker's start, ${lastAt - killedAt} ms after the kill`,
			);
			return "0 lost; what was in flight came twice, all within 5 s of the new worker's start";
		},
	},
	{
		id: "C3",
		fault: "kill -9 of the worker after the receiver's 200, before the outcome is written",
		expected: "At most one copy, under the same webhook-id; both attempts are shown",
		quick: true,
		run: async (ground) => {
			const held = Promise.withResolvers<void>();
			const { house, receiver, agent } = await setTheScene(ground, [after(held.promise, answer()), answer()]);
			const requestId = await house.ask(agent);
			await eventually("it has arrived", () => receiver.hits.length === 1);
			{
				// Whoever would write the outcome waits for this.
				await using lock = await openTransaction(house.product.running().databaseUrl);
				await lock.query("select 1 from message_deliveries where agent_request_id = $1 for update", [requestId]);
				held.resolve();
				await sleep(500);
				await house.product.killAndAwaitRestart("worker");
			}
			await house.completed(requestId, 60_000);
			deepEqual(await outcomesOf(house, requestId), ["lost", "delivered"]);
			equal(receiver.hits.length, 2);
			equal(receiver.byMessage().size, 1);
			equal((await house.detail(requestId)).responses.length, 1);
			return "One copy under the same webhook-id; attempts lost and delivered are both shown, the answer counts once";
		},
	},
	{
		id: "C4",
		fault: "kill -9 of PostgreSQL under 100 requests a second, away for 10 s",
		expected: "No 2xx for what isn't kept, 0 lost, recovers by itself",
		quick: false,
		run: async (ground) => {
			const { house, receiver, agent } = await setTheScene(ground, [answer()]);
			const { databaseUrl } = house.product.running();
			const asked: Promise<Accepted>[] = [];
			const outage = (async () => {
				await sleep(2_000);
				process.kill(house.pid("postgres"), "SIGKILL");
				const letGo = await occupy(databaseUrl);
				await sleep(10_000);
				await letGo();
			})();
			outage.catch(() => {});
			for (let count = 0; count < 1_500; count += 1) {
				const one = askCarefully(house.person, agent, randomUUID());
				one.catch(() => {});
				asked.push(one);
				await sleep(10);
			}
			const accepted = await Promise.all(asked);
			await outage;
			const ids = accepted.map(({ id }) => id);
			equal(new Set(ids).size, asked.length);
			await allCompleted(house, ids, 180_000);
			equal(receiver.byMessage().size, asked.length);
			const repeated = accepted.filter(({ tries }) => tries > 1).length;
			notEqual(repeated, 0);
			ground.measured(`${repeated} of ${asked.length} were asked more than once, ${receiver.hits.length - asked.length} arrived twice`);
			return "1,500 requests accepted, each kept, delivered and completed; nothing had to be restarted by hand";
		},
	},
	{
		id: "C5",
		fault: "Hatchet away for 30 s while requests come in, and killed in the middle of a run",
		expected: "202 all the while, everything is delivered within 75 s of its return",
		quick: false,
		onlyOn: "hatchet",
		run: async (ground) => {
			const { hatchet } = ground;
			if (!hatchet) throw new Error("This needs a Hatchet of its own.");
			const { house, receiver, agent } = await setTheScene(ground, [after(2_000, answer()), answer()]);
			const ids = [await house.ask(agent)];
			await eventually("it is being delivered", () => receiver.hits.length === 1);
			await hatchet.kill();
			for (let second = 0; second < 30; second += 1) {
				ids.push(await house.ask(agent));
				await sleep(1_000);
			}
			await hatchet.comeBack();
			const backAt = Date.now();
			await allCompleted(house, ids, 75_000);
			equal(receiver.byMessage().size, ids.length);
			ground.measured(`all ${ids.length} were completed ${Date.now() - backAt} ms after its return`);
			return "31 of 31 accepted, delivered and completed within 75 s of its return";
		},
	},
	{
		id: "C6",
		fault: "Api, worker and PostgreSQL are killed while a retry waits",
		expected: "It fires within 1 s of its time",
		quick: true,
		run: async (ground) => {
			const { house, receiver, agent } = await setTheScene(ground, [status(503, { "retry-after": "20" }), answer()]);
			const requestId = await house.ask(agent);
			const { next_attempt_at: due } = await house.delivery(requestId, ["retrying"]);
			await Promise.all(["worker", "api", "postgres"].map((service) => house.product.killAndAwaitRestart(service)));
			await eventually("it is tried again", () => receiver.hits.length === 2, 60_000);
			const lateMs = (receiver.hits[1]?.at ?? 0) - Date.parse(due ?? "");
			ok(lateMs >= -50 && lateMs <= 1_000 * ground.patience, `${lateMs} ms after its time`);
			await house.completed(requestId);
			ground.measured(`${lateMs} ms after its time`);
			return "Sent again within 1 s of its time, and completed";
		},
	},
	{
		id: "C7",
		fault: "A worker is frozen (SIGSTOP) in the middle of an attempt, another one takes over, and it wakes",
		expected: "The late outcome changes nothing; at most one copy",
		quick: true,
		run: async (ground) => {
			const late = Promise.withResolvers<void>();
			const script: Script = [after(late.promise, answer({}, "From the frozen one")), answer({}, "From the other one")];
			const { house, receiver, agent } = await setTheScene(ground, script);
			const requestId = await house.ask(agent);
			await eventually("it has arrived", () => receiver.hits.length === 1);
			const thaw = freeze(ground, house.pid("worker"));
			const second = ground.own.use(await startWorkerBeside(house.product, ground.engine));
			await house.completed(requestId);
			late.resolve();
			await sleep(300);
			thaw();
			await sleep(2_000);
			const { deliveries, responses } = await house.detail(requestId);
			deepEqual(
				responses.map(({ text }) => text),
				["From the other one"],
			);
			deepEqual(
				deliveries[0]?.attempts.map(({ outcome }) => outcome),
				["lost", "delivered"],
			);
			equal(receiver.hits.length, 2);
			second.child.kill("SIGTERM");
			equal(await second.exit, 0);
			return "One copy; the answer of the second attempt counts, the first stays lost";
		},
	},
	{
		id: "C8",
		fault: "SIGTERM of the worker under load",
		expected: "What is in flight ends, nothing is sent twice, it is gone within its timeout and 2 s",
		quick: true,
		run: async (ground) => {
			const { house, receiver, agent } = await setTheScene(ground, [after(1_000, answer())]);
			const ids = await Promise.all(Array.from({ length: 30 }, () => house.ask(agent)));
			await eventually("some are in flight", () => receiver.hits.length >= 5);
			const pid = house.pid("worker");
			const toldAt = Date.now();
			process.kill(pid, "SIGTERM");
			await eventually("it is gone", () => !isAlive(pid), 17_000 * ground.patience, 20);
			const tookMs = Date.now() - toldAt;
			await allCompleted(house, ids);
			equal(receiver.hits.length, ids.length);
			equal(receiver.byMessage().size, ids.length);
			ground.measured(`it ended ${tookMs} ms after it was told to`);
			return "30 of 30 delivered once; gone in time";
		},
	},
	{
		id: "C9",
		fault: "A transaction with an event in it stays open beside the relay",
		expected: "The relay drains, and no reader of events misses the late one",
		quick: true,
		run: async (ground) => {
			const { house, agent } = await setTheScene(ground, [answer()]);
			const subjectId = randomUUID();
			const read = async (cursor: number) => {
				const subjects: string[] = [];
				for (let next = cursor; ; ) {
					const { items, next_cursor } = await house.person.must<{ items: { subject_id: string }[]; next_cursor: number }>(
						"GET",
						`${house.project}/events?limit=100&cursor=${next}`,
					);
					subjects.push(...items.map(({ subject_id }) => subject_id));
					if (items.length === 0) return { subjects, cursor: next };
					next = next_cursor;
				}
			};
			await using late = await openTransaction(house.product.running().databaseUrl);
			await late.query(
				"insert into events (project_id, type, subject_type, subject_id, data, actor) values ($1, 'project.updated', 'project', $2, '{}', '{}')",
				[house.person.projectId, subjectId],
			);
			const ids = await Promise.all(Array.from({ length: 20 }, () => house.ask(agent)));
			await allCompleted(house, ids);
			await sleep(5_000);
			const before = await read(0);
			ok(ids.every((id) => before.subjects.includes(id)));
			ok(!before.subjects.includes(subjectId));
			await late.commit();
			await eventually("who reads on gets the late event", async () => (await read(before.cursor)).subjects.includes(subjectId));
			const [gaps] = await house.query<{ missing: number }>(
				"select (max(position) - min(position) + 1 - count(position))::int as missing from events where position is not null",
			);
			equal(gaps?.missing, 0);
			equal(
				(await house.query("select 1 from outbox where event_id in (select id from events where subject_id = any($1))", [ids])).length,
				0,
			);
			return "20 of 20 delivered meanwhile; the late event came behind the cursor, and the numbers have no gap";
		},
	},
	{
		id: "C10",
		fault: "The clocks of api and worker are an hour ahead, and an hour behind, of the database's",
		expected: "No storm, no loss: retries come when they are due",
		quick: false,
		run: async (ground) => {
			for (const hours of [1, -1]) await shiftedClocks(ground, hours * 3_600_000);
			return "With each, 2 attempts with the schedule's wait between them, then completed; only `webhook-timestamp` is off by the hour";
		},
	},
	{
		id: "C11",
		fault: "30 times kill -9 of api, worker or PostgreSQL at random, while requests come in and the receiver drops some",
		expected: "0 lost; a copy comes only of an attempt whose end nobody saw; the data holds",
		// A test of its own: e2e/faults.test.ts.
		quick: false,
		run: async ({ engine, hatchet, measured }) => {
			const { figures, problems } = await runKills({ engine, hatchet, kills: 30, engineKills: 0, seed: 11, recoveryMs: null });
			for (const figure of figures) measured(figure);
			deepEqual(problems, []);
			return "0 lost, every copy explained, every promise about the data kept";
		},
	},
	{
		id: "C12",
		fault: "PostgreSQL is read-only; its disk is full",
		expected: "503 instead of a 202; once it can write, everything goes on",
		quick: true,
		run: async (ground) => {
			const { house, receiver, agent } = await setTheScene(ground, [answer()]);
			const ask = () =>
				house.person.request("POST", `${house.project}/requests`, {
					node_id: agent.nodeId,
					question: "Can you write?",
					targets: [{ agent_id: agent.agentId }],
				});
			const database = new URL(house.product.running().databaseUrl).pathname.slice(1);
			const end = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
			const writable = async () => {
				await house.query(`begin read write; alter database "${database}" reset default_transaction_read_only; commit`);
				await house.query(end);
			};
			ground.own.defer(writable);
			await house.query(`alter database "${database}" set default_transaction_read_only = on`);
			await house.query(end);
			equal((await ask()).status, 503, "read-only");
			await writable();
			await eventually("it is accepted", async () => (await ask()).status === 202);
			await house.query(`
				create function disk_full() returns trigger language plpgsql as $$ begin raise exception 'no space left' using errcode = '53100'; end $$;
				create trigger disk_full before insert on agent_requests for each row execute function disk_full()`);
			const room = () => house.query("drop trigger if exists disk_full on agent_requests; drop function if exists disk_full");
			ground.own.defer(async () => void (await room()));
			equal((await ask()).status, 503, "full");
			await room();
			equal((await ask()).status, 202);
			await eventually("both are delivered", () => receiver.hits.length === 2);
			return "503 in both cases; afterwards accepted and delivered without a restart";
		},
	},
];
