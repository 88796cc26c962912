import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../start/root.ts";
import type { Check } from "./check.ts";

/** The lock file must install from whatever registry the machine uses, so it names none, and no folder of anybody's machine. */
export const lockFile: Check = {
	name: "lock file",
	run: async () => {
		const lines = readFileSync(join(root, "package-lock.json"), "utf8").split("\n");
		const wrong = lines.flatMap((line, index) => {
			const resolved = /"resolved": "([^"]+)"/.exec(line)?.[1];
			const isWorkspace = resolved !== undefined && /^[a-z0-9-]+$/.test(resolved);
			const namesMachine = /"(file:)?(\/|[A-Za-z]:\\\\|~\/)/.test(line) || line.includes('"file:');
			return (resolved !== undefined && !isWorkspace) || namesMachine ? [`${index + 1}: ${line.trim()}`] : [];
		});
		return wrong.length > 0
			? `package-lock.json names a registry or a folder of this machine; .npmrc prevents it:\n${wrong.slice(0, 10).join("\n")}`
			: null;
	},
};
