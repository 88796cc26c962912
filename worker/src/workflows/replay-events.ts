import { continueReplay } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import { type House, runContext } from "../house.ts";

/** One step of sending a subscription what it missed. */
export const replayEvents = (house: House) =>
	workflow({
		name: "replay-events",
		on: ["subscription.replay.due"],
		retries: 5,
		timeoutMs: 20_000,
		run: (input, run) => continueReplay(runContext(house, input, run.metadata, "replay-events"), input.subjectId),
	});
