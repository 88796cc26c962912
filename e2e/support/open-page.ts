import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { root } from "./root.ts";

const patienceMs = 15_000;

/**
 * A page that writes down whatever goes wrong in it, and whose picture is kept when its test fails. `refusals` are the statuses that
 * the test provokes: browsers report each.
 */
export const openPage = async (context: BrowserContext, name: string, refusals: number[] = []): Promise<Page> => {
	const opened = await context.newPage();
	opened.setDefaultTimeout(patienceMs);
	const complaints: string[] = [];
	opened.on("pageerror", (error) => complaints.push(error.message));
	// Before sign-in the session is asked for in vain.
	const expected = new RegExp(`status of (${[401, ...refusals].join("|")})`);
	opened.on("console", (message) => {
		if (message.type() === "error" && !expected.test(message.text())) complaints.push(message.text());
	});
	// Hooks run last in, first out: the picture is taken before the context is closed.
	onTestFinished(() => expect(complaints).toEqual([]));
	onTestFinished(async ({ task: { result } }) => {
		if (result?.state !== "fail") return;
		const folder = join(root, "test-results");
		mkdirSync(folder, { recursive: true });
		await opened.screenshot({ path: join(folder, `${name}.png`), timeout: 5_000 }).catch(() => {});
	});
	return opened;
};
