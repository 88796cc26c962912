import { maxEventDataBytes } from "@agentplanner/contracts";
import { WakeInput } from "../workflow.ts";

/** Why no engine may take this input; null if it may. Both engines ask, so that neither takes what the other can't. */
export const refuseInput = (input: WakeInput): Error | null => {
	const parsed = WakeInput.safeParse(input);
	if (!parsed.success) {
		const issues = parsed.error.issues.map((issue) => `${issue.path.join(".") || "input"}: ${issue.message}`);
		return new Error(`Input is malformed: ${issues.join("; ")}`);
	}
	const text = JSON.stringify(input);
	const bytes = Buffer.byteLength(JSON.stringify(input.data ?? {}));
	if (bytes > maxEventDataBytes)
		return new Error(`Data has ${bytes} bytes, ${maxEventDataBytes} are allowed; put the content in a row and its id in the data`);
	// An escaped backslash before the "u" is text about U+0000, not the character.
	if (/(?<!\\)(?:\\\\)*\\u0000/.test(text)) return new Error("Input holds the character U+0000, which Postgres and Hatchet refuse");
	return null;
};
