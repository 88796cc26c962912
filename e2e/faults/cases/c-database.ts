import { equal, notEqual, ok } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../../scripts/testing/eventually.ts";
import { type Accepted, askCarefully } from "../../support/careful-client.ts";
import { openTransaction } from "../../support/database.ts";
import type { FaultCase } from "../fault-case.ts";
import { answer } from "../receiver.ts";
import { allCompleted, setTheScene } from "../scene.ts";

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

export const databaseFaults: readonly FaultCase[] = [
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
				// As many as they are, they would otherwise keep the api from what it has accepted.
				const one = askCarefully(house.person, agent, randomUUID(), { retryMs: 1_000, giveUpMs: 180_000 });
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
