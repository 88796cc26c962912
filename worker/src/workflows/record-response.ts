import { recordResponse as record } from "@agentplanner/core";
import { type Workflow, workflow } from "@agentplanner/engine";
import { type House, runContext } from "../house.ts";

/** Applies what an agent or a person said to its request; who said it too late is told so in a run of its own. */
export const recordResponse = (house: House, tell: Workflow) =>
	workflow({
		name: "record-response",
		on: ["agent.response.received", "agent.response.record.due"],
		retries: 5,
		timeoutMs: 20_000,
		run: async (input, run) => {
			const inboundId = await record(runContext(house, input, run.metadata, "record-response"), input.subjectId);
			if (inboundId) await run.spawn(tell, [{ projectId: input.projectId, subjectId: inboundId, data: {} }]);
		},
	});
