import { continueReplayJob } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import { type House, runContext } from "../house.ts";

/** One second's worth of a replay of dead letters. */
export const replayDeadLetters = (house: House) =>
	workflow({
		name: "replay-dead-letters",
		on: ["delivery.replay.due"],
		retries: 5,
		timeoutMs: 20_000,
		run: (input, run) => continueReplayJob(runContext(house, input, run.metadata, "replay-dead-letters"), input.subjectId),
	});
