import { expect, test, vi } from "vitest";
import { limitLines, terminalLine } from "./terminal-lines.ts";

test("warnings and errors are shown with their cause, the rest of a log is not", () => {
	expect(terminalLine("api", '{"level":"error","msg":"failed","err":{"message":"no database"}}')).toEqual({
		text: "api error: failed (no database)",
		use: "show",
	});
	expect(terminalLine("api", '{"level":40,"msg":"slow"}')).toEqual({ text: "api warning: slow", use: "show" });
	expect(terminalLine("api", '{"level":"info","msg":"request"}').use).toBe("hide");
	expect(terminalLine("api", '{"level":30,"msg":"request"}').use).toBe("hide");
});

test("a long cause is one line with its beginning and its end", () => {
	const message = `Failed query: ${"select something\n".repeat(40)}params: : connection refused`;
	const { text } = terminalLine("worker", JSON.stringify({ level: "warn", msg: "relay has to wait", err: { message } }));
	expect(text).toMatch(/^worker warning: relay has to wait \(Failed query: select .* … .*: connection refused\)$/);
	expect(text.length).toBeLessThan(220);
});

test("of a crash the words are kept, not the stack", () => {
	expect(terminalLine("api", "TypeError: x is not a function")).toEqual({ text: "api: TypeError: x is not a function", use: "keep" });
	for (const line of ["    at file:///x.ts:1:1", "Node.js v24.21.0", "   ^^^^", ""]) expect(terminalLine("api", line).use).toBe("hide");
});

test("at most twenty lines a minute reach the terminal, and the last says where the others are", () => {
	vi.useFakeTimers({ now: 0 });
	try {
		const printed: string[] = [];
		const print = limitLines((line) => printed.push(line), "api.log");
		for (let number = 1; number <= 50; number += 1) print(`line ${number}`);
		expect(printed).toHaveLength(20);
		expect(printed.at(-1)).toBe("… more of this minute is in api.log");
		vi.setSystemTime(60_000);
		print("the next minute");
		expect(printed.at(-1)).toBe("the next minute");
	} finally {
		vi.useRealTimers();
	}
});
