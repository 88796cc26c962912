import { expireRequest as expire } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import { type House, runContext } from "../house.ts";

/** Ends a request whose deadline has passed. */
export const expireRequest = (house: House) =>
	workflow({
		name: "expire-request",
		on: ["agent.request.deadline.due"],
		retries: 5,
		timeoutMs: 20_000,
		run: (input, run) => expire(runContext(house, input, run.metadata, "expire-request"), input.subjectId),
	});
