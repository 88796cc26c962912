import type { BrowserContextOptions, Page } from "playwright-core";
import { eventually } from "../../scripts/testing/eventually.ts";
import type { Demo } from "./demo.ts";
import type { Person } from "./person.ts";
import { fillSignIn } from "./visit.ts";

export const desktop = { viewport: { width: 1280, height: 800 } };
export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** A plan of two phases with two tasks each, and the ids by title. */
export const buildPlan = async (person: Person) => {
	const base = `/projects/${person.projectId}`;
	const plan = await person.must<{ id: string }>("POST", `${base}/plans`, { title: `Plan ${Date.now()}` });
	const ids: Record<string, string> = {};
	for (const [title, parent] of [["Build"], ["Draw", "Build"], ["Cut", "Build"], ["Sell"], ["Offer", "Sell"], ["Bill", "Sell"]]) {
		const body = { title: title ?? "", kind: parent ? "task" : "phase", parent_id: parent ? (ids[parent] ?? null) : null };
		ids[body.title] = (await person.must<{ id: string }>("POST", `${base}/plans/${plan.id}/nodes`, body)).id;
	}
	return { ids, path: `${base}/plans/${plan.id}`, nodePath: (title: string) => `${base}/nodes/${ids[title]}` };
};

/** A browser of its own, signed in, at that path of a plan. */
export const openAt = async (demo: Demo, path: string, options: BrowserContextOptions = desktop): Promise<Page> => {
	const page = await (await demo.openWindow(options)).newPage();
	page.setDefaultTimeout(15_000);
	await page.goto(demo.url);
	await fillSignIn(page, demo.login);
	await page.getByRole("tree").waitFor();
	await page.goto(demo.url + path);
	await row(page, "Build").waitFor();
	return page;
};

export const row = (page: Page, title: string) => page.getByRole("treeitem", { name: title, exact: true });

/** The rows from top to bottom, a dot for each level above the first. */
export const rows = (page: Page) =>
	page.getByRole("treeitem").evaluateAll((items) => items.map((item) => ".".repeat(Number(item.ariaLevel) - 1) + item.ariaLabel).join(" "));
export const untilRows = (page: Page, expected: string, timeoutMs = 10_000) =>
	eventually(`the rows ${expected}`, async () => (await rows(page)) === expected, timeoutMs, 20);
export const focused = (page: Page) => page.evaluate(() => document.activeElement?.ariaLabel);
