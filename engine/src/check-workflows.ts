import { eventCatalogue, timerTypes, triggerEventTypes } from "@agentplanner/contracts";
import { cronProblem } from "./cron-line.ts";
import type { Workflow } from "./workflow.ts";

// A stopping worker that takes longer is overtaken by another one on Hatchet.
const longestTimeoutMs = 25_000;

const problemsOf = (workflow: Workflow): string[] => {
	const problems: string[] = [];
	if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(workflow.name)) problems.push("its name must be lower case words joined by dashes");
	for (const type of workflow.on) {
		if ((timerTypes as string[]).includes(type) || (triggerEventTypes as string[]).includes(type)) continue;
		problems.push(
			type in eventCatalogue ? `listens to ${type}, which is not marked trigger: true` : `listens to ${type}, which nobody emits`,
		);
	}
	if (workflow.cron !== undefined) {
		const problem = cronProblem(workflow.cron);
		if (problem) problems.push(`its cron line ${problem}`);
	}
	if (!Number.isInteger(workflow.retries) || workflow.retries < 0) problems.push("retries must be 0 or more");
	if (!(workflow.timeoutMs > 0 && workflow.timeoutMs <= longestTimeoutMs)) problems.push(`timeoutMs must be 1 to ${longestTimeoutMs}`);
	const names = workflow.steps.map((step) => step.name);
	if (names.length === 0) problems.push("has no steps");
	if (new Set(names).size !== names.length) problems.push("has two steps of one name");
	for (const name of names)
		if (!/^[a-z][a-z0-9-]*$/.test(name)) problems.push(`its step "${name}" must be lower case words joined by dashes`);
	return problems.map((problem) => `${workflow.name}: ${problem}`);
};

/** Throws one error that names every problem of a worker's list of workflows; call it before anything is registered. */
export const assertWorkflows = (workflows: readonly Workflow[]): void => {
	const problems = workflows.flatMap(problemsOf);
	const seen = new Set<string>();
	for (const { name } of workflows) {
		if (seen.has(name)) problems.push(`${name}: there are two workflows of this name`);
		seen.add(name);
	}
	const heard = new Set<string>(workflows.flatMap((workflow) => workflow.on));
	for (const type of triggerEventTypes)
		if (!heard.has(type)) problems.push(`no workflow listens to the event ${type}, though it is marked trigger: true`);
	for (const type of timerTypes) if (!heard.has(type)) problems.push(`no workflow listens to the timer ${type}`);
	if (problems.length > 0) throw new Error(`The workflows don't fit together:\n${problems.map((problem) => `- ${problem}`).join("\n")}`);
};
