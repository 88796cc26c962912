import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openLogFile } from "./log-file.ts";

const logsFolder = () => {
	const folder = mkdtempSync(join(tmpdir(), "agentplanner-log-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return join(folder, "logs");
};
const modeOf = (path: string) => statSync(path).mode & 0o777;

test("a folder that was removed is made again, for this user alone", () => {
	const logs = logsFolder();
	mkdirSync(logs);
	const log = openLogFile(join(logs, "api.log"));
	log.write("one\n");
	rmSync(logs, { recursive: true });
	log.write("two\n");
	log.write("three\n");
	expect(readFileSync(join(logs, "api.log"), "utf8")).toBe("two\nthree\n");
	expect([modeOf(logs), modeOf(join(logs, "api.log"))]).toEqual([0o700, 0o600]);
});

test("a log that others could read is closed to them", () => {
	const logs = logsFolder();
	mkdirSync(logs);
	const file = join(logs, "api.log");
	writeFileSync(file, "before\n");
	chmodSync(file, 0o644);
	openLogFile(file).write("after\n");
	expect(modeOf(file)).toBe(0o600);
	expect(readFileSync(file, "utf8")).toBe("before\nafter\n");
});

test("what can't be written is dropped, and written again once it can", () => {
	const logs = logsFolder();
	writeFileSync(logs, "a file where the folder should be");
	const log = openLogFile(join(logs, "api.log"));
	expect(() => log.write("lost\n")).not.toThrow();
	rmSync(logs);
	log.write("kept\n");
	expect(readFileSync(join(logs, "api.log"), "utf8")).toBe("kept\n");
});

test("a long log moves aside", () => {
	const logs = logsFolder();
	const file = join(logs, "api.log");
	const log = openLogFile(file);
	log.write("x".repeat(10_000_001));
	log.write("next\n");
	expect(readFileSync(file, "utf8")).toBe("next\n");
	expect(statSync(`${file}.1`).size).toBe(10_000_001);
});
