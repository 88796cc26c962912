/** The same text for equal JSON, whatever the order of its keys: jsonb keeps values, not the order they came in. */
export const canonicalJson = (value: unknown): string =>
	JSON.stringify(value, (_, part: unknown) =>
		part && typeof part === "object" && !Array.isArray(part)
			? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
			: part,
	);
