import type { z } from "zod";

// Typed text outlives a reload and a forced sign-in, in this tab only.
// Storage can be full or forbidden; then a draft lives as long as the field it is typed in.

export const loadDraft = <Draft>(key: string, schema: z.ZodType<Draft>): Draft | null => {
	try {
		const parsed = schema.safeParse(JSON.parse(sessionStorage.getItem(key) ?? "null"));
		return parsed.success ? parsed.data : null;
	} catch {
		return null;
	}
};

export const keepDraft = (key: string, draft: unknown): void => {
	try {
		sessionStorage.setItem(key, JSON.stringify(draft));
	} catch {
		// see above
	}
};

export const dropDraft = (key: string): void => {
	try {
		sessionStorage.removeItem(key);
	} catch {
		// see above
	}
};
