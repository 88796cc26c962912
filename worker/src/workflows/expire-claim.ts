import { expireClaim as expire } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import { type House, runContext } from "../house.ts";

/** Frees a task whose holder's lease has run out. */
export const expireClaim = (house: House) =>
	workflow({
		name: "expire-claim",
		on: ["node.claim.lease.due"],
		retries: 5,
		timeoutMs: 20_000,
		run: (input, run) => expire(runContext(house, input, run.metadata, "expire-claim"), input.subjectId),
	});
