import type { ImportPlanInput } from "@agentplanner/contracts";

/** What somebody brings along, as it is sent; JSON that can't be read is named with its problem. */
export const readInput = (text: string): { input: ImportPlanInput } | { problem: string } => {
	if (!/^\s*\{/.test(text)) return { input: { format: "markdown", content: text } };
	try {
		// The server judges what is in it.
		return { input: JSON.parse(text) as ImportPlanInput };
	} catch (error) {
		return { problem: `This begins like JSON, but is none: ${error instanceof Error ? error.message : String(error)}` };
	}
};
