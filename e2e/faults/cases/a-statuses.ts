import { deepEqual, equal, match, ok } from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../../scripts/testing/eventually.ts";
import type { FaultCase } from "../fault-case.ts";
import { answer, type Behaviour, informed, startReceiver, status } from "../receiver.ts";
import { tryOnce } from "../scene.ts";

export const statusFaults: readonly FaultCase[] = [
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
