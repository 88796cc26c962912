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
