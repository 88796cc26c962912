import type { EngineUnderTest } from "../support/engine-under-test.ts";
import type { FaultCase, FaultGroup } from "./fault-case.ts";
import type { Result } from "./run-case.ts";

type EngineName = EngineUnderTest["name"];

/** What was seen last in every case, by engine. */
export type Seen = Map<string, Partial<Record<EngineName, string>>>;

const labels: Record<EngineName, string> = { postgres: "Postgres engine", hatchet: "Hatchet" };
const engines = Object.keys(labels) as EngineName[];
const notRun = "not run yet";

const cell = (text: string): string => text.replaceAll("|", "\\|");
const line = (cells: string[]): string => `| ${cells.map(cell).join(" | ")} |`;
const cellsOf = (row: string): string[] =>
	row
		.slice(2, -2)
		.split(/(?<!\\) \| /)
		.map((text) => text.replaceAll("\\|", "|"));

const enginesOf = ({ onBothEngines }: FaultGroup): EngineName[] => (onBothEngines ? engines : ["postgres"]);

const seenOf = (one: FaultCase, engine: EngineName, seen: Seen): string => {
	if ("inapplicable" in one) return `Doesn't apply: ${one.inapplicable}`;
	if (one.onlyOn !== undefined && one.onlyOn !== engine) return "–";
	return seen.get(one.id)?.[engine] ?? notRun;
};

const formatGroup = (group: FaultGroup, seen: Seen): string[] => {
	const columns = enginesOf(group);
	const heading = ["case", "fault", "expected", ...(columns.length > 1 ? columns.map((engine) => `seen, ${labels[engine]}`) : ["seen"])];
	return [
		`## ${group.letter}. ${group.title}`,
		"",
		line(heading),
		line(heading.map(() => "---")),
		...group.cases.map((one) => line([one.id, one.fault, one.expected, ...columns.map((engine) => seenOf(one, engine, seen))])),
		"",
	];
};

const introduction = `# Faults, and what becomes of messages under them

Written by \`npm run faults\`, from the cases in \`e2e/faults/cases/\`. Each is run against the product in real processes: api, worker and
PostgreSQL, with a receiver that misbehaves as it is told. \`npm run faults -- --only A,C2\` runs some; the quicker half is part of
\`npm test\`. What was seen says what the last run found, without the times of its machine.
`;

export const formatMatrix = (groups: readonly FaultGroup[], seen: Seen): string =>
	`${[introduction, ...groups.flatMap((group) => formatGroup(group, seen))].join("\n").trimEnd()}\n`;

/** What a document of this form says was seen. */
export const readMatrix = (groups: readonly FaultGroup[], document: string): Seen => {
	const rows = new Map(
		document
			.split("\n")
			.filter((text) => /^\| [A-Z]\d/.test(text))
			.map((text) => cellsOf(text))
			.map(([id = "", , , ...seen]) => [id, seen]),
	);
	const all: Seen = new Map();
	for (const group of groups)
		for (const { id } of group.cases) {
			const columns = enginesOf(group).map((engine, column) => [engine, rows.get(id)?.[column] ?? notRun] as const);
			all.set(id, Object.fromEntries(columns.filter(([, text]) => text !== notRun)));
		}
	return all;
};

/** What was seen before, with what this run has seen in its place. */
export const withResults = (seen: Seen, engine: EngineName, results: readonly Result[]): Seen => {
	const all: Seen = new Map(seen);
	for (const { id, passed, seen: text } of results) all.set(id, { ...all.get(id), [engine]: passed ? text : `**FAILED:** ${text}` });
	return all;
};
