import { deleteExpired, readChainHeads } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import type { House } from "../house.ts";

/** Once an hour: deletes what nobody can ask for any more, and logs the heads of the event chains, for whoever checks them later. */
export const cleanUp = (house: House) =>
	workflow({
		name: "clean-up",
		cron: "7 * * * *",
		retries: 1,
		timeoutMs: 25_000,
		run: async () => {
			house.log.info({ deleted: await deleteExpired(house.context) }, "clean-up ended");
			house.log.info({ heads: await readChainHeads(house.context) }, "heads of the event chains");
		},
	});
