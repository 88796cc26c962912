const dayMs = 86_400_000;

/** Reads a `Retry-After` header, seconds or HTTP date, at most a day; null when it is missing, past or nonsense. */
export const retryAfterMs = (value: string | undefined, now: Date): number | null => {
	const text = value?.trim() ?? "";
	if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, dayMs);
	// Only the date forms of RFC 9110: Date.parse alone also takes "-1" and "1".
	if (!/^[A-Z][a-z]+,? /.test(text)) return null;
	const delay = Date.parse(text) - now.getTime();
	return delay > 0 ? Math.min(delay, dayMs) : null;
};
