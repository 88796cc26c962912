import { answerCommand } from "@agentplanner/core";
import { type Workflow, workflow } from "@agentplanner/engine";
import { type House, runContext } from "../house.ts";

/** Finds the answer to a command that somebody wrote on a platform; they are told it in a run of its own. */
export const answerPersonsCommand = (house: House, tell: Workflow) =>
	workflow({
		name: "answer-command",
		on: ["person.command.received", "person.command.answer.due"],
		retries: 5,
		timeoutMs: 20_000,
		run: async (input, run) => {
			const isNoticeLeft = await answerCommand(runContext(house, input, run.metadata, "answer-command"), input.subjectId);
			if (isNoticeLeft) await run.spawn(tell, [{ projectId: input.projectId, subjectId: input.subjectId, data: {} }]);
		},
	});
