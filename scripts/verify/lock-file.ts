import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../start/root.ts";
import type { Check } from "./check.ts";

/** Lines of a lock file that name a registry, or a folder of somebody's machine. */
export const foreignLines = (text: string): string[] =>
	text.split("\n").flatMap((line, index) => {
		const resolved = /"resolved": "([^"]+)"/.exec(line)?.[1];
		const isWorkspace = resolved !== undefined && /^[a-z0-9-]+$/.test(resolved);
		const namesMachine = /"(file:)?(\/|[A-Za-z]:\\\\|~\/)/.test(line) || line.includes('"file:');
		return (resolved !== undefined && !isWorkspace) || namesMachine ? [`${index + 1}: ${line.trim()}`] : [];
	});

/** It must install from whatever registry the machine uses. */
export const lockFile: Check = {
	name: "lock file",
	run: async () => {
		const wrong = foreignLines(readFileSync(join(root, "package-lock.json"), "utf8"));
		return wrong.length > 0
			? `package-lock.json names a registry or a folder of this machine; .npmrc prevents it:\n${wrong.slice(0, 10).join("\n")}`
			: null;
	},
};
