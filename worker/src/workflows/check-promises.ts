import { findViolations } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import type { House } from "../house.ts";

/** Looks every minute whether anything waits without a timer, which is how work would get lost; says so loudly. */
export const checkPromises = (house: House) =>
	workflow({
		name: "check-promises",
		cron: "* * * * *",
		retries: 0,
		timeoutMs: 25_000,
		run: async () => {
			const violations = await findViolations(house.context);
			if (violations.length > 0) house.log.error({ violations }, "something waits that nothing will wake");
		},
	});
