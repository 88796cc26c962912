import { checkPromises as check } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import type { House } from "../house.ts";

/** Looks every minute whether anything is as it must never be, which is how work would get lost: an event tells of it once, the log each time. */
export const checkPromises = (house: House) =>
	workflow({
		name: "check-promises",
		cron: "* * * * *",
		retries: 0,
		timeoutMs: 25_000,
		run: async () => {
			const broken = await check(house.context);
			if (broken.length > 0) house.log.error({ broken }, "something is as it must never be");
		},
	});
