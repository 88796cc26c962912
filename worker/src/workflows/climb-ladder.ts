import { climbLadder as climb } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import { type House, runContext } from "../house.ts";

/** Reminds agents, tells people or gives up, as a request's ladder says. */
export const climbLadder = (house: House) =>
	workflow({
		name: "climb-ladder",
		on: ["agent.request.ladder.due"],
		retries: 5,
		timeoutMs: 20_000,
		run: (input, run) => climb(runContext(house, input, run.metadata, "climb-ladder"), input.subjectId),
	});
