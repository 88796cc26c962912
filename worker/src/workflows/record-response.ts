import { recordResponse as record } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import { type House, runContext } from "../house.ts";

/** Applies what an agent or a person said to its request. */
export const recordResponse = (house: House) =>
	workflow({
		name: "record-response",
		on: ["agent.response.received", "agent.response.record.due"],
		retries: 5,
		timeoutMs: 20_000,
		run: (input, run) => record(runContext(house, input, run.metadata, "record-response"), input.subjectId),
	});
