import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type Product, startProduct } from "./support/product.ts";
import { root } from "./support/root.ts";

let product: Product;
beforeAll(async () => {
	product = await startProduct();
}, 180_000);
afterAll(() => product?.[Symbol.asyncDispose]());

/** A block to paste, and what the tour says that it shows. */
type Step = { script: string; shows: string };

const readSteps = (): Step[] => {
	const tour = readFileSync(join(root, "docs", "tour.md"), "utf8");
	const blocks = [...tour.matchAll(/^```(sh|text)\n(.*?)^```$/gms)].map(([, language, text = ""]) => ({ language, text }));
	return blocks.flatMap(({ language, text }, index) => {
		const next = blocks[index + 1];
		return language === "sh" ? [{ script: text, shows: next?.language === "text" ? next.text : "" }] : [];
	});
};

const endOfStep = "--- end of step ---";

test("the tour can be walked as it stands, and shows what it says", () => {
	for (const tool of ["bash", "curl"])
		if (spawnSync(tool, ["--version"]).error) throw new Error(`The tour needs ${tool}: install it ("apt-get install ${tool}").`);
	const steps = readSteps();
	expect(steps.length).toBeGreaterThan(5);
	const folder = mkdtempSync(join(tmpdir(), "agentplanner-tour-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const script = ["set -euo pipefail", ...steps.map((step) => `${step.script}echo '${endOfStep}'`)].join("\n");
	const { status, stdout, stderr } = spawnSync("bash", ["-c", script], {
		cwd: folder,
		encoding: "utf8",
		timeout: 120_000,
		env: {
			...{ PATH: `${dirname(process.execPath)}:${process.env.PATH}`, HOME: folder },
			...{ AGENTPLANNER_URL: product.url, EMAIL: product.login.email, PASSWORD: product.login.password },
		},
	});
	expect({ shown: stdout.split(`${endOfStep}\n`).slice(0, -1), stderr }).toEqual({ shown: steps.map(({ shows }) => shows), stderr: "" });
	expect(status).toBe(0);
}, 150_000);
