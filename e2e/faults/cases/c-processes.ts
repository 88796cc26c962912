import { deepEqual, equal, ok } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../../scripts/testing/eventually.ts";
import { askCarefully } from "../../support/careful-client.ts";
import { openTransaction } from "../../support/database.ts";
import type { RoutedAgent } from "../../support/routed-agent.ts";
import { startWorkerBeside } from "../../support/worker-beside.ts";
import type { FaultCase, Ground } from "../fault-case.ts";
import { mostInFlight } from "../house.ts";
import { runKills } from "../kills/kill-run.ts";
import { after, answer, hang, type Script, startReceiver, status } from "../receiver.ts";
import { allCompleted, setTheScene } from "../scene.ts";

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

export const processFaults: readonly FaultCase[] = [
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
			const { deliveries, responses } = await house.detail(requestId);
			deepEqual(
				deliveries[0]?.attempts.map(({ outcome }) => outcome),
				["lost", "delivered"],
			);
			equal(receiver.hits.length, 2);
			equal(receiver.byMessage().size, 1);
			equal(responses.length, 1);
			return "One copy under the same webhook-id; attempts lost and delivered are both shown, the answer counts once";
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
];
