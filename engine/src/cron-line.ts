const fields = [
	{ name: "minute", min: 0, max: 59 },
	{ name: "hour", min: 0, max: 23 },
	{ name: "day of month", min: 1, max: 31 },
	{ name: "month", min: 1, max: 12 },
	{ name: "day of week", min: 0, max: 6 },
];

const isPart = (part: string, min: number, max: number): boolean => {
	const inRange = (text: string | undefined) => text !== undefined && /^\d{1,2}$/.test(text) && Number(text) >= min && Number(text) <= max;
	if (part === "*") return true;
	if (part.startsWith("*/")) return /^\d{1,2}$/.test(part.slice(2)) && Number(part.slice(2)) > 0;
	const [from, to, ...rest] = part.split("-");
	if (to === undefined) return inRange(from);
	return rest.length === 0 && inRange(from) && inRange(to) && Number(from) < Number(to);
};

/** What is wrong with a crontab line, in the five-field form that both engines read alike; null if nothing is. */
export const cronProblem = (cron: string): string | null => {
	const values = cron.split(" ");
	if (values.length !== fields.length) return `"${cron}" needs five fields with one space between them`;
	for (const [index, { name, min, max }] of fields.entries())
		if (!values[index]?.split(",").every((part) => isPart(part, min, max)))
			return `"${cron}": "${values[index]}" is no ${name} (${min}-${max})`;
	return null;
};

const holds = (value: string, number: number, min: number): boolean =>
	value.split(",").some((part) => {
		if (part === "*") return true;
		if (part.startsWith("*/")) return (number - min) % Number(part.slice(2)) === 0;
		const [from, to] = part.split("-").map(Number);
		return from !== undefined && number >= from && number <= (to ?? from);
	});

/** Whether a valid crontab line names the minute (UTC) of that moment. */
export const isInMinute = (cron: string, at: Date): boolean => {
	const values = cron.split(" ");
	const now = [at.getUTCMinutes(), at.getUTCHours(), at.getUTCDate(), at.getUTCMonth() + 1, at.getUTCDay()];
	const [minute, hour, day, month, weekday] = fields.map(({ min }, index) => holds(values[index] ?? "*", now[index] ?? 0, min));
	// Days of month and week that are both named are alternatives.
	const either = !values[2]?.startsWith("*") && !values[4]?.startsWith("*");
	return Boolean(minute && hour && month && (either ? day || weekday : day && weekday));
};
