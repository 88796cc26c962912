import type { ImportPlanInput, PlanDocument } from "@agentplanner/contracts";
import { UnprocessableError } from "../errors.ts";
import { maxDepth } from "../plans/parent.ts";
import { findLinkProblems, type LinkProblem } from "./find-link-problems.ts";
import { readMarkdown } from "./read-markdown.ts";

/** The plan that somebody brings along. Throws UnprocessableError, which names each line of Markdown, or field of JSON, that is wrong. */
export const readDocument = (input: ImportPlanInput): PlanDocument => {
	if (input.format === "markdown") return readMarkdown(input.content);
	const misplaced = findProblems(input);
	const problems = misplaced.length > 0 ? misplaced : findLinkProblems(input).slice(0, mostProblems).map(atField);
	if (problems.length > 0)
		throw new UnprocessableError(
			"The nodes of this plan don't fit together, so nothing was imported. Each problem is named with its node.",
			problems,
		);
	return input;
};

const mostProblems = 20;

const atField = ({ node, key, place, message }: LinkProblem) => ({ field: `body.nodes.${node}.${key}.${place}`, message });

const findProblems = ({ nodes }: PlanDocument): { field: string; message: string }[] => {
	const levels = new Map<string, number>();
	const problems: { field: string; message: string }[] = [];
	for (const [index, { id, parent }] of nodes.entries()) {
		const level = parent === null ? 1 : (levels.get(parent) ?? 0) + 1;
		const refuse = (key: string, message: string) => problems.push({ field: `body.nodes.${index}.${key}`, message });
		if (levels.has(id)) refuse("id", `“${id}” is the id of an earlier node, too`);
		if (parent !== null && !levels.has(parent)) refuse("parent", `“${parent}” is no earlier node; each comes after its parent`);
		if (level === maxDepth + 1) refuse("parent", `lies on level ${maxDepth}, and a plan is at most ${maxDepth} levels deep`);
		levels.set(id, level);
	}
	return problems.slice(0, mostProblems);
};
