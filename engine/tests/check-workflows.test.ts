import { timerTypes, triggerEventTypes, type WakeType } from "@agentplanner/contracts";
import { expect, test } from "vitest";
import { cronProblem } from "../src/cron-line.ts";
import { assertWorkflows, type Workflow, workflow } from "../src/index.ts";

const build = (overrides: Partial<Workflow> = {}): Workflow => ({
	...workflow({ name: "hear-all", on: [...triggerEventTypes, ...timerTypes], retries: 1, timeoutMs: 20_000, run: async () => {} }),
	...overrides,
});

const problemsOf = (workflows: Workflow[]): string => {
	try {
		assertWorkflows(workflows);
		return "";
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
};

test("workflows that listen to everything there is pass", () => {
	expect(problemsOf([build({ cron: "*/5 0-6 1,15 * *" })])).toBe("");
});

test("all problems are named in one error", () => {
	const message = problemsOf([
		build({
			name: "Bad_Name",
			on: ["plan.created", "no.such.event" as WakeType, "message.delivery.due"],
			cron: "61 * * * *",
			timeoutMs: 60_000,
		}),
		build({ name: "twice", on: [], steps: [] }),
		build({ name: "twice", on: [], retries: -1 }),
	]);
	for (const part of [
		"Bad_Name: its name",
		"Bad_Name: listens to plan.created, which is not marked trigger: true",
		"Bad_Name: listens to no.such.event, which nobody emits",
		'"61" is no minute (0-59)',
		"timeoutMs must be 1 to 25000",
		"twice: has no steps",
		"twice: retries must be 0 or more",
		"twice: there are two workflows of this name",
		"no workflow listens to the event agent.request.created",
		"no workflow listens to the timer agent.request.deadline.due",
	])
		expect(message).toContain(part);
	expect(message).not.toContain("timer message.delivery.due");
});

test("crontab lines are five fields that both engines read alike", () => {
	for (const line of ["* * * * *", "0 3 * * 1-5", "*/15 8-18 1,15 1,6 0"]) expect(cronProblem(line)).toBeNull();
	for (const line of [
		"* * * *",
		"*  * * * *",
		"60 * * * *",
		"*/0 * * * *",
		"5-1 * * * *",
		"* * * jan *",
		"* * * * 7",
		"@daily",
		"0 * * * * *",
	])
		expect(cronProblem(line)).toContain(line);
});
