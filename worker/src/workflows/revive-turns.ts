import { giveStalledTurns } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import type { House } from "../house.ts";

/** Once a minute: who waits for its turn at an integration is not forgotten, though the worker that was to give it has died. */
export const reviveTurns = (house: House) =>
	workflow({
		name: "revive-turns",
		cron: "* * * * *",
		retries: 0,
		timeoutMs: 25_000,
		run: async () => {
			const integrations = await giveStalledTurns(house.context);
			if (integrations.length > 0) house.log.info({ integrations }, "nobody was sending there: the first that waits is woken");
		},
	});
