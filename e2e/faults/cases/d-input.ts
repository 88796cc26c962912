import { deepEqual, equal, match, ok } from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../../scripts/testing/eventually.ts";
import type { RoutedAgent } from "../../support/routed-agent.ts";
import type { FaultCase } from "../fault-case.ts";
import type { House } from "../house.ts";
import { answer, startReceiver, status } from "../receiver.ts";
import { residentMiB } from "../resident.ts";

/** Asked by 64 clients at once. */
const burst = 10_000;

type Problem = { errors?: { field: string }[] };

/** Sends these very bytes as the body of a request. */
const postBytes = async (house: House, body: string | Uint8Array<ArrayBuffer>) => {
	const response = await fetch(`${house.product.url}/api/v1${house.project}/requests`, {
		method: "POST",
		headers: { ...house.person.credentials, "content-type": "application/json" },
		body,
		signal: AbortSignal.timeout(15_000),
	});
	const text = await response.text();
	return { status: response.status, retryAfter: response.headers.get("retry-after"), body: JSON.parse(text) as Problem & { id: string } };
};

const bodyAbout = (agent: RoutedAgent, question: string) =>
	`{"node_id":"${agent.nodeId}","targets":[{"agent_id":"${agent.agentId}"}],"question":${question}}`;

export const inputFaults: readonly FaultCase[] = [
	{
		id: "D1",
		fault: "The same idempotency key 30 times at once; again after a restart; with another body",
		expected: "One request and one reply for all; 422",
		quick: true,
		run: async ({ house: open, own }) => {
			const house = await open();
			const receiver = own.use(await startReceiver([answer()]));
			const agent = await house.connect(receiver.url);
			const headers = { "idempotency-key": randomUUID() };
			const ask = (question: string) =>
				house.person.request<{ id: string }>(
					"POST",
					`${house.project}/requests`,
					{ node_id: agent.nodeId, question, targets: [{ agent_id: agent.agentId }] },
					headers,
				);
			const replies = await Promise.all(Array.from({ length: 30 }, () => ask("Once?")));
			deepEqual(new Set(replies.map(({ status: code }) => code)), new Set([202]));
			equal(new Set(replies.map(({ body }) => JSON.stringify(body))).size, 1);
			await house.product.killAndAwaitRestart("api");
			const again = await eventually("the api answers", () => ask("Once?").catch(() => null));
			deepEqual(again, replies[0]);
			equal((await ask("Twice?")).status, 422);
			await house.completed(again.body.id);
			await sleep(500);
			equal(receiver.hits.length, 1);
			return "30 of 30 got the same reply, and so did the repeat after a restart; another body got a 422; 1 message";
		},
	},
	{
		id: "D2",
		fault: "Poison, to the api and from a receiver: bad UTF-8, 10,000 levels deep, NUL, half a character, __proto__, 1e400, double keys",
		expected: "4xx or taken as it stands; neither api nor worker dies",
		quick: true,
		run: async ({ house: open, own }) => {
			const house = await open();
			const before = [house.pid("api"), house.pid("worker")];
			const taken = own.use(await startReceiver([answer()]));
			const agent = await house.connect(taken.url);
			const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
			const about = (question: string) => bodyAbout(agent, question);
			const poison: [name: string, body: string | Uint8Array<ArrayBuffer>][] = [
				["bad UTF-8", Buffer.concat([Buffer.from(about('"')).subarray(0, -1), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')])],
				["deep", about(deep)],
				["NUL", about('"a\\u0000b"')],
				["half a character", about('"\\ud800"')],
				["__proto__", `${about('"?"').slice(0, -1)},"__proto__":{"question":"!"}}`],
				["1e400", about("1e400")],
				["double keys", `${about('"first"').slice(0, -1)},"question":"second"}`],
				["no object", "[1,2]"],
				["no JSON", "{"],
			];
			const statuses = new Map<string, number>();
			for (const [name, body] of poison) {
				const reply = await postBytes(house, body);
				statuses.set(name, reply.status);
				if (reply.status === 202) await house.completed(reply.body.id);
			}
			for (const [name, code] of statuses) ok(code === 202 || (code >= 400 && code < 500), `${name}: ${code}`);
			equal(statuses.get("double keys"), 202);
			equal(JSON.parse(taken.hits.at(-1)?.body.toString() ?? "").data.question, "second");
			// What an agent answers is as little to be trusted.
			const said = [
				'{"type":"answer","text":"a\\u0000b"}',
				`{"type":"answer","text":${deep}}`,
				'{"type":"answer","text":1e400}',
				"\u0000\ufffd",
				deep,
			];
			for (const text of said) {
				const receiver = own.use(await startReceiver([status(200, { "content-type": "application/json" }, text)]));
				await house.delivery(await house.ask(await house.connect(receiver.url)), ["delivered", "acknowledged"]);
			}
			deepEqual([house.pid("api"), house.pid("worker")], before);
			return `${poison.length} bodies got a 4xx or were taken (of double keys the last, as JSON has it); ${said.length} poisoned answers were recorded; both processes live`;
		},
	},
	{
		id: "D3",
		fault: "A body above the limit; a field of the wrong kind; an unknown field; an unknown adapter",
		expected: "413; a 4xx that names the field",
		quick: true,
		run: async ({ house: open }) => {
			const house = await open();
			const agent = await house.connect("https://agent.example.org/hook");
			equal((await postBytes(house, bodyAbout(agent, JSON.stringify("x".repeat(300_000))))).status, 413);
			const fieldOf = async (body: string) => {
				const reply = await postBytes(house, body);
				ok(reply.status === 400 || reply.status === 422, `${reply.status}`);
				return reply.body.errors?.[0]?.field ?? "";
			};
			match(await fieldOf(bodyAbout(agent, "7")), /question/);
			match(await fieldOf(`{"node_id":"x","question":"?","targets":[{"agent_id":"${agent.agentId}"}]}`), /node_id/);
			const unknown = await house.person.request<Problem>("POST", `${house.project}/integrations`, {
				adapter: "pigeon",
				name: "x",
				settings: {},
			});
			ok(unknown.status === 400 || unknown.status === 422, `${unknown.status}`);
			match(unknown.body.errors?.[0]?.field ?? "", /adapter/);
			return "413, and each refusal names its field";
		},
	},
	{
		id: "D4",
		fault: "10,000 requests as fast as they are taken",
		expected: "Bounded memory; who is too fast is told to come again; nothing that was accepted is lost",
		quick: false,
		run: async ({ house: open, own, measured }) => {
			const house = await open();
			const receiver = own.use(await startReceiver([answer()]));
			const agent = await house.connect(receiver.url);
			const pids = ["api", "worker"].map((service) => house.pid(service));
			const resident = () => pids.map(residentMiB);
			const before = resident();
			let refused = 0;
			let accepted = 0;
			const client = async () => {
				while (accepted < burst) {
					accepted += 1;
					for (;;) {
						const reply = await postBytes(house, bodyAbout(agent, '"Quickly?"'));
						if (reply.status === 202) break;
						ok([429, 503].includes(reply.status) && reply.retryAfter !== null, `${reply.status}`);
						refused += 1;
						await sleep(Number(reply.retryAfter) * 1_000);
					}
				}
			};
			await Promise.all(Array.from({ length: 64 }, client));
			const isDone = async () => {
				const [row] = await house.query<{ open: number }>(
					"select count(*)::int as open from agent_requests where node_id = $1 and status <> 'completed'",
					[agent.nodeId],
				);
				return row?.open === 0;
			};
			await eventually("all are completed", isDone, 900_000, 1_000);
			equal(receiver.byMessage().size, accepted);
			const grown = resident().map((now, at) => now - (before[at] ?? 0));
			for (const more of grown) ok(more < 200, `${Math.round(more)} MiB more`);
			measured(`${refused} told to come again; api and worker grew by ${grown.map((more) => Math.round(more)).join(" and ")} MiB`);
			return "10,000 accepted, delivered and completed; api and worker grew by less than 200 MiB each";
		},
	},
];
