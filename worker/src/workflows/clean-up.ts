import { deleteExpired } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import type { House } from "../house.ts";

/** Deletes what nobody can ask for any more, once an hour. */
export const cleanUp = (house: House) =>
	workflow({
		name: "clean-up",
		cron: "7 * * * *",
		retries: 1,
		timeoutMs: 25_000,
		run: async () => {
			house.log.info({ deleted: await deleteExpired(house.context) }, "clean-up ended");
		},
	});
