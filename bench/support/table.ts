import type { Figure, Report } from "./figures.ts";
import { median, ratioOf } from "./stats.ts";

/** Three digits that count. */
const short = (value: number): string => {
	if (!Number.isFinite(value)) return "-";
	const size = Math.abs(value);
	return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
};

const rowOf = (figure: Figure): string[] => {
	const ratio = figure.bare.length > 0 ? ratioOf(figure) : null;
	return [
		figure.name,
		`${short(median(figure.ours))} ${figure.unit}`,
		ratio ? `${short(median(figure.bare))} ${figure.unit}` : "-",
		ratio ? `${short(ratio.median)}x` : "-",
		ratio ? `${short(ratio.least)}-${short(ratio.most)}` : `${short(Math.min(...figure.ours))}-${short(Math.max(...figure.ours))}`,
		figure.better,
	];
};

const heading = ["", "ours", "bare", "ours/bare", "spread", "better is"];

/** A report as people read it in a terminal: names to the left, figures to the right. */
export const formatReport = ({ title, about, figures, notes }: Report): string => {
	const rows = [heading, ...figures.map(rowOf)];
	const widths = heading.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
	const line = (row: string[]) =>
		row
			.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
			.join("  ")
			.trimEnd();
	const [head = [], ...body] = rows;
	const rule = widths.map((width) => "-".repeat(width)).join("  ");
	return [
		title,
		...about.map((text) => `  ${text}`),
		"",
		line(head),
		rule,
		...body.map(line),
		...notes.map((note) => `* ${note}`),
		"",
	].join("\n");
};
