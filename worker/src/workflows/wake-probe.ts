import { wakeProbe as wake } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import { type House, runContext } from "../house.ts";

/** Has one delivery find out whether an integration answers again. */
export const wakeProbe = (house: House) =>
	workflow({
		name: "wake-probe",
		on: ["integration.breaker.due"],
		retries: 5,
		timeoutMs: 20_000,
		run: async (input, run) => wake(runContext(house, input, run.metadata, "wake-probe"), input.subjectId),
	});
