import { expireDecision as expire } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import { type House, runContext } from "../house.ts";

/** Applies the rule of a decision whose deadline has passed. */
export const expireDecision = (house: House) =>
	workflow({
		name: "expire-decision",
		on: ["agent.decision.expiry.due"],
		retries: 5,
		timeoutMs: 20_000,
		run: (input, run) => expire(runContext(house, input, run.metadata, "expire-decision"), input.subjectId),
	});
