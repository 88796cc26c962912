import { equal, ok } from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultCase, Ground } from "../fault-case.ts";
import { openHouse } from "../house.ts";
import { answer, startReceiver, status } from "../receiver.ts";
import { slackMs, within } from "../within.ts";

const shiftedClocks = async (ground: Ground, shiftMs: number): Promise<void> => {
	const clock = new URL("../shifted-clock.ts", import.meta.url).href;
	const house = ground.own.use(
		await openHouse(ground.engine, { NODE_OPTIONS: `--import ${clock}`, FAULT_CLOCK_SHIFT_MS: String(shiftMs) }),
	);
	const receiver = ground.own.use(await startReceiver([status(500), answer()]));
	const requestId = await house.ask(await house.connect(receiver.url));
	await house.completed(requestId);
	const [first, second] = receiver.hits;
	within((second?.at ?? 0) - (first?.at ?? 0), 3_900, 6_000 + 1.5 * slackMs * ground.patience, "ms between the attempts");
	const signedAt = Number(first?.headers["webhook-timestamp"]) * 1_000;
	ok(Math.abs(signedAt - (first?.at ?? 0) - shiftMs) < 60_000, "the processes' clocks are off");
	await sleep(2_000);
	equal(receiver.hits.length, 2);
};

export const clockFaults: readonly FaultCase[] = [
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
];
