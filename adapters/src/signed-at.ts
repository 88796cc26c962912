const toleranceSeconds = 300;

/** What is wrong with the moment that a signed request says it was sent at, in seconds since 1970; null when nothing is. */
export const momentProblem = (header: string, timestamp: string, now: Date): string | null => {
	if (!/^\d{1,12}$/.test(timestamp)) return `${header} must be seconds since 1970`;
	if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > toleranceSeconds) return `${header} is more than five minutes off`;
	return null;
};
