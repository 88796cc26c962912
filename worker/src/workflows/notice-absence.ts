import { noticeAbsence as notice } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import { type House, runContext } from "../house.ts";

/** Says that an agent which has missed its beats is gone. */
export const noticeAbsence = (house: House) =>
	workflow({
		name: "notice-absence",
		on: ["agent.absence.due"],
		retries: 5,
		timeoutMs: 20_000,
		run: (input, run) => notice(runContext(house, input, run.metadata, "notice-absence"), input.subjectId),
	});
