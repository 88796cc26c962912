import { NonRetryableError, type WakeInput, type Workflow } from "../workflow.ts";

/** Input as the workflow declares it; what doesn't fit can't be mended by running again. */
export const parseInput = (workflow: Workflow, input: unknown): WakeInput => {
	const parsed = workflow.input.safeParse(input);
	if (parsed.success) return parsed.data;
	const issues = parsed.error.issues.map((issue) => `${issue.path.join(".") || "input"}: ${issue.message}`);
	throw new NonRetryableError(`Input of ${workflow.name} is invalid: ${issues.join("; ")}`);
};
