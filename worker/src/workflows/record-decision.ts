import { recordVote } from "@agentplanner/core";
import { type Workflow, workflow } from "@agentplanner/engine";
import { type House, runContext } from "../house.ts";

/** Lets what somebody chose on a platform count; where it doesn't, they are told why in a run of its own. */
export const recordDecision = (house: House, tell: Workflow) =>
	workflow({
		name: "record-decision",
		on: ["agent.decision.vote.received", "agent.decision.vote.record.due"],
		retries: 5,
		timeoutMs: 20_000,
		run: async (input, run) => {
			const isNoticeLeft = await recordVote(runContext(house, input, run.metadata, "record-decision"), input.subjectId);
			if (isNoticeLeft) await run.spawn(tell, [{ projectId: input.projectId, subjectId: input.subjectId, data: {} }]);
		},
	});
