import { expect, test } from "vitest";
import { runKills } from "./faults/kills/kill-run.ts";
import { postgres } from "./support/engine-under-test.ts";

// How soon a worker's messages are taken over is held in worker-killed.ts; this one fills the machine.
// `npm run faults -- --kills 300 --seed 7` does it for longer, and with --engine hatchet on Hatchet.
test("api, worker and PostgreSQL are killed 30 times at random: nothing is lost, and what comes twice was in flight", async () => {
	const { figures, problems } = await runKills({ engine: postgres, hatchet: null, kills: 30, engineKills: 0, seed: 1, recoveryMs: null });
	process.stdout.write(`${figures.join("\n")}\n`);
	expect(problems).toEqual([]);
}, 420_000);
