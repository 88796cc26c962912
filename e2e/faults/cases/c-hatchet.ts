import { equal } from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../../scripts/testing/eventually.ts";
import type { FaultCase } from "../fault-case.ts";
import { after, answer } from "../receiver.ts";
import { allCompleted, setTheScene } from "../scene.ts";

export const hatchetFaults: readonly FaultCase[] = [
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
];
