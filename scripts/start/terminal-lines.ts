const levels: Record<string, number> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 };
const warn = 40;
const error = 50;
const perMinute = 20;

/** A crash's first lines say what; where it was is in the log. */
const isStackOf = /^\s+at |^Node\.js v\d|^\s*\^+\s*$/;

type LogLine = { level?: unknown; msg?: unknown; err?: { message?: unknown } };

const parse = (line: string): LogLine | null => {
	if (!line.startsWith("{")) return null;
	try {
		return JSON.parse(line) as LogLine;
	} catch {
		return null;
	}
};

/** One line; of a long one, such as a failed query, the beginning and the end, where the cause is. */
const shorten = (text: string): string => {
	const flat = text.replace(/\s+/g, " ");
	return flat.length > 200 ? `${flat.slice(0, 60)} … ${flat.slice(-100)}` : flat;
};

/** `show`: warnings and errors. `keep`: no log line, such as a crash; of interest once the process has ended. `hide`: the rest. */
export type TerminalLine = { text: string; use: "show" | "keep" | "hide" };

export const terminalLine = (service: string, line: string): TerminalLine => {
	if (line.trim() === "" || isStackOf.test(line)) return { text: line, use: "hide" };
	const parsed = parse(line);
	if (!parsed) return { text: `${service}: ${line}`, use: "keep" };
	const level = typeof parsed.level === "string" ? (levels[parsed.level] ?? 0) : Number(parsed.level ?? 0);
	const cause = parsed.err?.message ? ` (${shorten(String(parsed.err.message))})` : "";
	return { text: `${service} ${level >= error ? "error" : "warning"}: ${parsed.msg}${cause}`, use: level < warn ? "hide" : "show" };
};

/** Lets 20 lines a minute through, then says where the others are. */
export const limitLines = (print: (line: string) => void, logFile: string): ((line: string) => void) => {
	let minute = 0;
	let printed = 0;
	return (line) => {
		const now = Math.floor(Date.now() / 60_000);
		if (now !== minute) {
			minute = now;
			printed = 0;
		}
		printed += 1;
		if (printed < perMinute) print(line);
		else if (printed === perMinute) print(`… more of this minute is in ${logFile}`);
	};
};
