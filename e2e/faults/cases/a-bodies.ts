import { equal, match, ok } from "node:assert/strict";
import { eventually } from "../../../scripts/testing/eventually.ts";
import type { FaultCase } from "../fault-case.ts";
import { drip, flood, gzipBomb, startReceiver, status } from "../receiver.ts";
import { residentMiB } from "../resident.ts";
import { tryOnce } from "../scene.ts";
import { slackMs, within } from "../within.ts";

const keptBytes = 65_536;

export const bodyFaults: readonly FaultCase[] = [
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
];
