import { z } from "zod";

/** What went wrong, whatever was thrown. */
export const wordsOf = (error: unknown): string => {
	if (error instanceof z.ZodError) return error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
	return error instanceof Error ? error.message : String(error);
};

/** Of an integration whose settings or secrets can't be read. */
export const unusable = (error: unknown) => ({
	detail: `This integration can't be opened: ${wordsOf(error)}`,
	remedy:
		"Enter its settings and secrets again; if every integration shows this, the worker runs with another ENCRYPTION_KEY than the api.",
});
