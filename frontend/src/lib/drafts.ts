import type { z } from "zod";

// Typed text outlives a reload and a forced sign-in, in this tab only and for the person who typed it.
// Storage can be full or forbidden; then a draft lives as long as the field it is typed in.

const prefix = "draft:";
let owner: string | null = null;

const attempt = <Result>(action: () => Result): Result | null => {
	try {
		return action();
	} catch {
		return null;
	}
};

const storageKey = (key: string): string => `${prefix}${owner}:${key}`;

/** Whose drafts these are from now on; anybody else's are dropped. Null, at sign-out, drops all. */
export const ownDrafts = (userId: string | null): void => {
	owner = userId;
	attempt(() => {
		for (const key of Object.keys(sessionStorage))
			if (key.startsWith(prefix) && (userId === null || !key.startsWith(storageKey("")))) sessionStorage.removeItem(key);
	});
};

export const loadDraft = <Draft>(key: string, schema: z.ZodType<Draft>): Draft | null => {
	const stored = owner === null ? null : attempt(() => JSON.parse(sessionStorage.getItem(storageKey(key)) ?? "null") as unknown);
	const parsed = schema.safeParse(stored);
	return parsed.success ? parsed.data : null;
};

export const keepDraft = (key: string, draft: unknown): void => {
	if (owner !== null) attempt(() => sessionStorage.setItem(storageKey(key), JSON.stringify(draft)));
};

export const dropDraft = (key: string): void => {
	attempt(() => sessionStorage.removeItem(storageKey(key)));
};
