import { spawn } from "node:child_process";
import { root } from "../support/root.ts";

/** Runs tests of another folder, which do what a case asks for; throws with the end of their output where one fails. */
export const runTests = (project: string, files: string[], name?: string): Promise<string> => {
	const args = ["run", "--project", project, ...files, ...(name ? ["-t", name] : []), "--reporter", "dot"];
	const child = spawn(process.execPath, ["node_modules/vitest/vitest.mjs", ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
	let output = "";
	for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk));
	return new Promise((resolve, reject) => {
		child.once("close", (code) =>
			code === 0
				? resolve(`The tests of it pass: ${files.map((file) => `\`${project}/${file}\``).join(", ")}`)
				: reject(new Error(output.slice(-500))),
		);
	});
};
