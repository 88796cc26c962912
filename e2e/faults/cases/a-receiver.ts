import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../../scripts/start/ports.ts";
import { eventually } from "../../../scripts/testing/eventually.ts";
import { root } from "../../support/root.ts";
import type { FaultCase, Ground } from "../fault-case.ts";
import type { Attempt, Delivery, House } from "../house.ts";
import {
	answer,
	type Behaviour,
	cutBeforeHead,
	cutMidBody,
	drip,
	flood,
	gzipBomb,
	hang,
	informed,
	type Receiver,
	type ReceiverOptions,
	reset,
	type Script,
	startBareReceiver,
	startReceiver,
	status,
} from "../receiver.ts";
import { residentMiB } from "../resident.ts";

/** What the default schedule promises, in seconds, with a fifth more or less. */
const schedule = [5, 30, 120];
const jitter = 0.2;
/** From the moment that something is due until it is there, on a busy machine. */
const slackMs = 1_000;
const keptBytes = 65_536;
const dayMs = 86_400_000;

type Scene = { house: House; receiver: Receiver; agent: Awaited<ReturnType<House["connect"]>>; requestId: string };

/** Asks an agent that behaves like that. */
const askReceiver = async (
	{ house: open, own }: Ground,
	script: Script,
	settings: Record<string, unknown> = {},
	options: ReceiverOptions = {},
): Promise<Scene> => {
	const house = await open();
	const receiver = own.use(await startReceiver(script, options));
	const agent = await house.connect(receiver.url, { settings });
	return { house, receiver, agent, requestId: await house.ask(agent) };
};

/** Asks it, and resolves with what comes of the first attempt. */
const tryOnce = async (ground: Ground, behaviour: Behaviour, settings?: Record<string, unknown>, options?: ReceiverOptions) => {
	const scene = await askReceiver(ground, [behaviour, answer()], settings, options);
	const delivery = await scene.house.delivery(scene.requestId, ["retrying", "unknown", "delivered", "acknowledged", "dead"]);
	return { ...scene, delivery };
};

/** Sends again what waits, and holds that it arrives, under the id and with the bytes that it had. */
const arrivesAgain = async ({ house, receiver, requestId }: Scene, { id }: Delivery): Promise<void> => {
	await house.retry(id);
	await house.delivery(requestId, ["acknowledged"]);
	equal(receiver.byMessage().size, 1, "every copy bears the same webhook-id");
	equal(new Set(receiver.hits.map(({ bodyHash }) => bodyHash)).size, 1, "every copy has the same bytes");
};

const within = (value: number, least: number, most: number, what: string) =>
	ok(value >= least && value <= most, `${what}: ${Math.round(value)}, not ${least} to ${most}`);

/** Holds that the next attempt was put off by so many ms, from some moment between the beginning and the end of this one. */
const waits = ({ started_at, finished_at, next_attempt_at }: Attempt, least: number, most: number, what: string): void => {
	const [began, ended, next] = [started_at, finished_at, next_attempt_at].map((at) => Date.parse(at ?? "")) as [number, number, number];
	ok(next - began >= least && next - ended <= most, `${what}: ${next - ended} to ${next - began}, not ${least} to ${most}`);
};

const tlsFile = (name: string) => readFileSync(join(root, "e2e", "faults", "tls", name));
const certified = (name: string): ReceiverOptions => ({ tls: { key: tlsFile("leaf.key"), cert: tlsFile(`${name}.crt`) } });

export const receiverFaults: readonly FaultCase[] = [
	{
		id: "A1",
		fault: "500 three times, then 200",
		expected: "4 attempts under one webhook-id, each signed anew, the waits those of the schedule ±20 %",
		quick: true,
		run: async (ground) => {
			const scene = await askReceiver(ground, [status(500), status(500), status(500), answer()]);
			const { house, receiver, requestId } = scene;
			await eventually("the second attempt comes by itself", () => receiver.hits.length === 2, 15_000);
			for (const attempts of [2, 3]) {
				const { id } = await eventually("the next attempt waits", async () => {
					const delivery = await house.delivery(requestId, ["retrying"]);
					return delivery.attempts.filter(({ outcome }) => outcome !== null).length === attempts && delivery;
				});
				await house.retry(id);
			}
			const { attempts } = await house.delivery(requestId, ["acknowledged"]);
			deepEqual(
				attempts.map(({ outcome }) => outcome),
				["unavailable", "unavailable", "unavailable", "delivered"],
			);
			for (const [index, seconds] of schedule.entries()) {
				const [least, most] = [1 - jitter, 1 + jitter].map((share) => seconds * share * 1_000) as [number, number];
				waits(attempts[index] as Attempt, least, most, `ms of wait ${index + 1}`);
			}
			const [first, second] = receiver.hits;
			const gap = (second?.at ?? 0) - (first?.at ?? 0);
			within(gap, 4_000 - 50, 6_000 + slackMs * ground.patience, "ms between the first two hits");
			equal(receiver.byMessage().size, 1);
			notEqual(first?.headers["webhook-timestamp"], second?.headers["webhook-timestamp"]);
			notEqual(first?.headers["webhook-signature"], second?.headers["webhook-signature"]);
			ground.measured(`the second attempt came ${gap} ms after the first`);
			return "4 attempts under one webhook-id, each signed anew, the waits those of the schedule ±20 %";
		},
	},
	{
		id: "A2",
		fault: "Hangs before the head",
		expected: "Left at the total timeout ±5 %, outcome unclear with the cause timeout, sent again under the same webhook-id",
		quick: true,
		run: async (ground) => {
			const timeoutMs = 4_000;
			const tried = await tryOnce(ground, hang, { timeout_ms: timeoutMs });
			const { delivery, receiver } = tried;
			equal(delivery.status, "unknown");
			match(delivery.attempts[0]?.detail ?? "", /no answer/);
			const [hit] = receiver.hits;
			const openMs = (hit?.closedAt ?? 0) - (hit?.at ?? 0);
			within(openMs, timeoutMs * 0.95, timeoutMs * (1 + 0.05 * ground.patience), "ms until the wire was closed");
			await arrivesAgain(tried, delivery);
			ground.measured(`the wire was closed after ${openMs} of ${timeoutMs} ms`);
			return "Left within 5 % of its timeout; unclear, “no answer”; the copy bears the same webhook-id and bytes";
		},
	},
	{
		id: "A3",
		fault: "A 200 whose body comes a byte a second, without an end",
		expected: "Cut at the total deadline, counts as delivered, recorded as cut off",
		quick: true,
		run: async (ground) => {
			const { delivery, receiver } = await tryOnce(ground, drip, { timeout_ms: 2_000 });
			equal(delivery.status, "delivered");
			equal(delivery.attempts[0]?.exchange?.response?.truncated, true);
			within(delivery.attempts[0]?.duration_ms ?? 0, 1_900, 2_000 + slackMs * ground.patience, "ms of the attempt");
			await eventually("the wire is closed", () => receiver.hits[0]?.closedAt);
			equal(receiver.hits.length, 1);
			return "Delivered at the deadline with the body marked as cut off; one hit, and its wire closed";
		},
	},
	{
		id: "A4",
		fault: "50 bodies, of 10 MB and without an end, as many at once as may be",
		expected: "64 KiB of each kept; 50 times 10 MB cost the worker less than 16 MiB of memory",
		quick: true,
		run: async (ground) => {
			const house = await ground.house();
			const receiver = ground.own.use(await startReceiver((_, number) => flood(number % 2 === 0 ? 10_485_760 : undefined)));
			const agent = await house.connect(receiver.url);
			const ask = async () => {
				const ids = await Promise.all(Array.from({ length: 50 }, () => house.ask(agent)));
				return Promise.all(ids.map((id) => house.delivery(id, ["delivered"])));
			};
			// Warm: what a first use loads and reserves is no matter of the bodies.
			await ask();
			const before = residentMiB(house.pid("worker"));
			const deliveries = await ask();
			const grown = residentMiB(house.pid("worker")) - before;
			for (const { attempts } of deliveries) {
				const response = attempts[0]?.exchange?.response;
				equal(response?.truncated, true);
				equal(response?.body.length, keptBytes);
			}
			ok(grown < 16, `${grown.toFixed(1)} MiB more`);
			ground.measured(`the worker's resident memory grew by ${grown.toFixed(1)} MiB`);
			return "All 50 delivered with the first 64 KiB kept; the worker grew by less than 16 MiB";
		},
	},
	{
		id: "A5",
		fault: "Hangs up in the middle of a 200's body; before the head",
		expected: "Delivered, recorded as cut off; unclear, and sent again under the same webhook-id",
		quick: true,
		run: async (ground) => {
			const mid = await tryOnce(ground, cutMidBody);
			equal(mid.delivery.status, "delivered");
			equal(mid.delivery.attempts[0]?.exchange?.response?.truncated, true);
			const before = await tryOnce(ground, cutBeforeHead);
			equal(before.delivery.status, "unknown");
			match(before.delivery.attempts[0]?.detail ?? "", /closed the connection before it had answered/);
			await arrivesAgain(before, before.delivery);
			return "In the body: delivered, marked as cut off. Before the head: unclear, and its copy bears the same webhook-id and bytes";
		},
	},
	{
		id: "A6",
		fault: "RST; nobody listens; unknown name; a name server that is silent; a certificate expired, of nobody, or for another host",
		expected: "Each with a cause of its own, none of them final",
		quick: true,
		run: async (ground) => {
			const house = await ground.house();
			const trusted = await tryOnce(ground, answer(), {}, certified("good"));
			equal(trusted.delivery.status, "acknowledged", "a good certificate of the same authority is taken");

			const rst = await tryOnce(ground, reset);
			equal(rst.delivery.status, "unknown");
			match(rst.delivery.attempts[0]?.detail ?? "", /ECONNRESET|closed the connection/);
			const silent = { timeout_ms: 1_500 };
			const elsewhere = async (url: string, settings = {}) => {
				const agent = await house.connect(url, { settings });
				return house.delivery(await house.ask(agent), ["retrying"]);
			};
			const port = await freePort();
			const selfSigned = {
				key: readFileSync(join(root, "adapters/fixtures/tls/self-signed.key")),
				cert: readFileSync(join(root, "adapters/fixtures/tls/self-signed.crt")),
			};
			const tls = async (options: ReceiverOptions) => {
				const receiver = ground.own.use(await startReceiver([answer()], options));
				const delivery = await elsewhere(receiver.url);
				equal(receiver.hits.length, 0, "nothing is said to whom nobody vouches for");
				return delivery;
			};
			const causes: [RegExp, Delivery][] = [
				[/no connection could be made \(ECONNREFUSED\)/, await elsewhere(`http://127.0.0.1:${port}/`)],
				[/host name could not be resolved \(ENOTFOUND\)/, await elsewhere("http://unknown.test:8080/")],
				[/no answer/, await elsewhere("http://silent.test:8080/", silent)],
				[/TLS handshake failed \(CERT_HAS_EXPIRED\)/, await tls(certified("expired"))],
				[/TLS handshake failed \(DEPTH_ZERO_SELF_SIGNED_CERT\)/, await tls({ tls: selfSigned })],
				[/TLS handshake failed \(ERR_TLS_CERT_ALTNAME_INVALID\)/, await tls(certified("wrong-host"))],
			];
			for (const [cause, { attempts, next_attempt_at }] of causes) {
				match(attempts[0]?.detail ?? "", cause);
				equal(attempts[0]?.outcome, "unavailable");
				ok(next_attempt_at, "it is tried again");
			}
			return "Seven causes by name (reset is unclear, the others never left), each with a next attempt; not a byte to a receiver without a good certificate";
		},
	},
	{
		id: "A7",
		fault: "301, 302, 303, 307, 308, to an address that may be dialled and to one that may not",
		expected: "Never followed: given up visibly, no hit on the target, which the log shows",
		quick: true,
		run: async (ground) => {
			const target = ground.own.use(await startReceiver([answer()]));
			const places = [target.url, "http://169.254.169.254/latest/meta-data/"];
			const tries = [301, 302, 303, 307, 308].flatMap((code) => places.map((location) => ({ code, location })));
			await Promise.all(
				tries.map(async ({ code, location }) => {
					const { delivery, receiver } = await tryOnce(ground, status(code, { location }));
					equal(delivery.status, "dead");
					ok(delivery.reason?.message.includes(location), "its target is shown");
					equal(delivery.attempts[0]?.exchange?.response?.status, code);
					equal(receiver.hits.length, 1);
				}),
			);
			equal(target.hits.length, 0);
			return "10 of 10 given up with the target in the reason; 0 hits on it";
		},
	},
	{
		id: "A8",
		fault: "304; 204; 201; 102 and 103, then 200",
		expected: "2xx alone is success; a hint before the response is none",
		quick: true,
		run: async (ground) => {
			const statusAfter = async (behaviour: Behaviour) => (await tryOnce(ground, behaviour)).delivery.status;
			deepEqual(await Promise.all([status(304), status(204), status(201), informed(answer())].map(statusAfter)), [
				"dead",
				"delivered",
				"delivered",
				"acknowledged",
			]);
			return "304 is given up; 204 and 201 are delivered; of 102, 103, 200 the 200 counts, with its answer";
		},
	},
	{
		id: "A9",
		fault: "410",
		expected: "The integration is disabled at once, whoever looks is told why, and it is not tried again",
		quick: true,
		run: async (ground) => {
			const { delivery, receiver, house, agent } = await tryOnce(ground, status(410));
			equal(delivery.reason?.code, "integration_disabled");
			equal(delivery.next_attempt_at, null);
			const integration = await house.integration(agent);
			equal(integration.enabled, false);
			match(integration.disabled_reason ?? "", /410/);
			const events = await house.query("select 1 from events where type = 'integration.disabled' and subject_id = $1", [
				agent.integrationId,
			]);
			equal(events.length, 1);
			const second = await house.ask(agent);
			// Longer than the first wait of the schedule.
			await sleep(7_000);
			equal(receiver.hits.length, 1);
			equal((await house.detail(second)).deliveries[0]?.reason?.code, "integration_disabled");
			return "Disabled with the reason and one event; 1 hit, also after the schedule's first wait and another request, both of which wait";
		},
	},
	{
		id: "A10",
		fault: "429 and 503 with Retry-After: 2, 20, a date, -1, “x”, ten years",
		expected:
			"Nothing to that endpoint before it, a day at most; a bad value counts as none: a minute after a 429, the schedule after a 503",
		quick: true,
		run: async (ground) => {
			const date = new Date(Date.now() + 40_000).toUTCString();
			const values: [code: number, value: string, least: number, most: number][] = [
				[429, "20", 20_000, 20_000],
				[503, "20", 20_000, 20_000],
				[429, date, 20_000, 40_000],
				[503, date, 20_000, 40_000],
				[429, "-1", 60_000, 60_000],
				[503, "-1", 4_000, 6_000],
				[429, "x", 60_000, 60_000],
				[503, "x", 4_000, 6_000],
				[429, "315360000", dayMs, dayMs],
				[503, "315360000", dayMs, dayMs],
			];
			const look = async ([code, value, least, most]: (typeof values)[number]) => {
				const { delivery } = await tryOnce(ground, status(code, { "retry-after": value }));
				waits(delivery.attempts[0] as Attempt, least, most, `ms after ${code} “${value}”`);
			};
			const obey = async () => {
				const scene = await askReceiver(ground, [status(429, { "retry-after": "2" }), answer()]);
				const { house, agent, requestId } = scene;
				await house.delivery(requestId, ["retrying"]);
				const other = await house.ask(agent);
				for (const id of [requestId, other]) await house.delivery(id, ["acknowledged"]);
				return scene;
			};
			const [{ receiver }] = await Promise.all([obey(), ...values.map(look)]);
			const [first, ...later] = receiver.hits.map(({ at }) => at);
			equal(later.length, 2);
			for (const at of later) within(at - (first ?? 0), 2_000 - 20, 2_000 + 2 * slackMs * ground.patience, "ms until the next hit");
			return "10 waits as they have to be; with “2” another message to the same endpoint waited, too, and both came after 2 s";
		},
	},
	{
		id: "A11",
		fault: "gzip bomb; bad gzip; 64 KB of headers; line breaks in our own custom headers",
		expected: "Nothing is inflated, everything bounded, delivered or failed by name; such a header is refused when saved",
		quick: true,
		run: async (ground) => {
			const bomb = await tryOnce(ground, gzipBomb(50 * 1_048_576));
			equal(bomb.delivery.status, "delivered");
			ok((bomb.delivery.attempts[0]?.exchange?.response?.body.length ?? 0) <= keptBytes);
			equal(bomb.receiver.hits[0]?.headers["accept-encoding"], "identity");
			const bad = await tryOnce(ground, status(200, { "content-encoding": "gzip" }, "no gzip"));
			equal(bad.delivery.status, "delivered");
			const wide = await tryOnce(
				ground,
				status(200, Object.fromEntries(Array.from({ length: 64 }, (_, at) => [`x-${at}`, "y".repeat(1_000)]))),
			);
			equal(wide.delivery.status, "unknown");
			match(wide.delivery.attempts[0]?.detail ?? "", /not valid HTTP/);
			const { person, project } = wide.house;
			const body = { adapter: "webhook", name: "Split", settings: { url: bad.receiver.url, headers: { "x-a": "b\r\nx-c: d" } } };
			const refused = await person.request("POST", `${project}/integrations`, body);
			equal(refused.status, 422);
			return "Bomb and bad gzip delivered, neither inflated, 64 KiB kept at most; large headers are “not valid HTTP”; the split header is a 422";
		},
	},
	{
		id: "A12",
		fault: "A kept connection is closed just as we send",
		expected: "One recorded attempt, unclear; no silent second POST",
		quick: true,
		run: async (ground) => {
			const { house, receiver, agent, requestId } = await askReceiver(ground, [answer(), cutBeforeHead, answer()]);
			await house.delivery(requestId, ["acknowledged"]);
			const second = await house.ask(agent);
			const delivery = await house.delivery(second, ["unknown"]);
			equal(receiver.hits[0]?.connection, receiver.hits[1]?.connection, "the connection was kept");
			equal(delivery.attempt_count, 1);
			equal(receiver.hits.length, 2);
			await arrivesOnce(house, receiver, second, delivery);
			return "1 attempt and 1 POST over the kept connection, recorded as unclear; the copy that followed bears the same webhook-id";
		},
	},
	{
		id: "A13",
		fault: "Never reads a body of 240 KB",
		expected: "Left at the total timeout, outcome unclear",
		quick: true,
		run: async (ground) => {
			const house = await ground.house();
			const deaf = ground.own.use(await startBareReceiver(() => {}));
			const agent = await house.connect(deaf.url, { settings: { timeout_ms: 1_500 } });
			const long = "漢".repeat(20_000);
			await house.person.must("PATCH", `${house.project}/nodes/${agent.nodeId}`, {
				description: long,
				context: long,
				agent_instructions: long,
				acceptance_criteria: long,
			});
			const { attempts } = await house.delivery(await house.ask(agent), ["unknown", "retrying"]);
			within(attempts[0]?.duration_ms ?? 0, 1_400, 1_500 + slackMs * ground.patience, "ms of the attempt");
			match(attempts[0]?.detail ?? "", /no answer/);
			equal(deaf.connections(), 1);
			return "Left at its timeout, “no answer”, after one connection";
		},
	},
	{
		id: "A14",
		fault: "`webhook-delivery: abort-message` and `disable`, with a 500 and with a 200",
		expected: "Obeyed: this message is given up, the integration left alone; the integration is disabled, and a 2xx still counts",
		quick: true,
		run: async (ground) => {
			const abort = await tryOnce(ground, status(500, { "webhook-delivery": "abort-message" }));
			equal(abort.delivery.status, "dead");
			equal((await abort.house.integration(abort.agent)).enabled, true);
			const failed = await tryOnce(ground, status(500, { "webhook-delivery": "disable" }));
			equal(failed.delivery.reason?.code, "integration_disabled");
			equal((await failed.house.integration(failed.agent)).enabled, false);
			const last = await tryOnce(ground, answer({ "webhook-delivery": "disable" }));
			equal(last.delivery.status, "acknowledged");
			await eventually("it is disabled", async () => !(await last.house.integration(last.agent)).enabled);
			return "abort-message: dead, the integration stays enabled. disable: disabled, with a 500 the message waits, with a 200 it has arrived";
		},
	},
];

const arrivesOnce = async (house: House, receiver: Receiver, requestId: string, { id }: Delivery): Promise<void> => {
	await house.retry(id);
	await house.delivery(requestId, ["acknowledged"]);
	equal(receiver.hits[2]?.id, receiver.hits[1]?.id);
};
