import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { useDemo } from "./support/demo.ts";
import { buildPlan, desktop, focused, openAt, phone, row, rows, untilRows } from "./support/plan-rows.ts";

const demo = useDemo();

/** Presses the mouse on a row and holds it over another one: so far down in it, so many pixels right of where it begins. */
const dragOver = async (page: Page, title: string, over: string, { depth, right }: { depth: number; right: number }) => {
	const from = await row(page, title).boundingBox();
	const to = await row(page, over).boundingBox();
	if (from === null || to === null) throw new Error("A row does not show.");
	await page.mouse.move(from.x + 160, from.y + from.height / 2);
	await page.mouse.down();
	await page.mouse.move(from.x + 170, from.y + from.height / 2 + 5, { steps: 3 });
	await page.mouse.move(to.x + right, to.y + to.height * depth, { steps: 8 });
	// The browser tells of a drag only while the pointer moves.
	await page.mouse.move(to.x + right + 1, to.y + to.height * depth);
};

test("a task moved by keyboard is said, keeps the focus, and stands there in another browser within a second", async () => {
	const { path } = await buildPlan(demo.owner);
	const [page, other] = [await openAt(demo, path), await openAt(demo, path)];
	const shownAfter = async (expected: string) => {
		await untilRows(page, expected);
		const since = Date.now();
		await untilRows(other, expected);
		return Date.now() - since;
	};
	await row(page, "Cut").focus();
	const delays: number[] = [];
	for (const [keys, expected, said] of [
		["Alt+ArrowUp", "Build .Cut .Draw Sell .Offer .Bill", "Cut: moved to place 1 of 2 under Build."],
		["Alt+ArrowDown", "Build .Draw .Cut Sell .Offer .Bill", "Cut: moved to place 2 of 2 under Build."],
		["Alt+ArrowRight", "Build .Draw ..Cut Sell .Offer .Bill", "Cut: moved to place 1 of 1 under Draw."],
		["Alt+ArrowLeft", "Build .Draw .Cut Sell .Offer .Bill", "Cut: moved to place 2 of 2 under Build."],
		["Alt+ArrowLeft", "Build .Draw Cut Sell .Offer .Bill", "Cut: moved to place 2 of 3 on the top level."],
	] as const) {
		await page.keyboard.press(keys);
		delays.push(await shownAfter(expected));
		await page.getByRole("status").filter({ hasText: said }).waitFor({ state: "attached" });
		expect(await focused(page)).toBe("Cut");
	}
	process.stdout.write(`The other browser showed the moves after ${delays.join(", ")} ms\n`);
	expect(Math.max(...delays)).toBeLessThan(1_000);
	await page.keyboard.press("Alt+ArrowLeft");
	await page.getByRole("status").filter({ hasText: "Cut is on the top level already." }).waitFor({ state: "attached" });
});

test("a dragged row shows where it will land, and lands there", async () => {
	const { path } = await buildPlan(demo.owner);
	const page = await openAt(demo, path);
	await dragOver(page, "Draw", "Bill", { depth: 0.1, right: 160 });
	await page.locator('[data-drop="before"]').waitFor();
	expect(await page.locator("[data-drop]").getAttribute("aria-label")).toBe("Bill");
	await page.mouse.up();
	await untilRows(page, "Build .Cut Sell .Offer .Draw .Bill");
	expect(await focused(page)).toBe("Draw");

	await dragOver(page, "Sell", "Cut", { depth: 0.5, right: 160 });
	await page.locator('[data-drop="inside"]').waitFor();
	await page.mouse.up();
	await untilRows(page, "Build .Cut ..Sell ...Offer ...Draw ...Bill");

	await dragOver(page, "Offer", "Bill", { depth: 0.9, right: 5 });
	await page.locator('[data-drop="after"][style*="--drop-level: 1"]').waitFor();
	await page.mouse.up();
	const last = "Build .Cut ..Sell ...Draw ...Bill Offer";
	await untilRows(page, last);
	await page.reload();
	await untilRows(page, last);
});

test("a row dragged below itself, or let go of with Escape, stays", async () => {
	const { path, nodePath } = await buildPlan(demo.owner);
	const page = await openAt(demo, path);
	const before = await rows(page);
	await dragOver(page, "Sell", "Bill", { depth: 0.5, right: 160 });
	await page.locator('[data-dragged="true"]').waitFor();
	expect(await page.locator("[data-drop]").count()).toBe(0);
	await page.mouse.up();
	await dragOver(page, "Sell", "Cut", { depth: 0.5, right: 160 });
	await page.locator('[data-drop="inside"]').waitFor();
	await page.keyboard.press("Escape");
	await page.locator('[data-dragged="true"]').waitFor({ state: "detached" });
	await page.mouse.up();
	expect(await rows(page)).toBe(before);
	expect(await demo.owner.must("GET", nodePath("Sell"))).toMatchObject({ parent_id: null, version: 1 });
});

test("a move that somebody else made impossible goes back, and says why", async () => {
	const { path, ids, nodePath } = await buildPlan(demo.owner);
	const page = await openAt(demo, path);
	// Just before ours arrives, the row it goes under is moved below it.
	await page.route("**/move", async (route) => {
		await demo.owner.must("POST", `${nodePath("Offer")}/move`, { parent_id: ids.Bill ?? null, after_id: null });
		await route.continue();
	});
	await row(page, "Bill").focus();
	await page.keyboard.press("Alt+ArrowRight");
	await page.getByRole("alert").filter({ hasText: "Not moved: A node can't stand under itself or under something below it." }).waitFor();
	await untilRows(page, "Build .Draw .Cut Sell .Bill ..Offer");
	expect(await focused(page)).toBe("Bill");
});

test("an edit of its text at the same time does not stop a move", async () => {
	const { path, nodePath } = await buildPlan(demo.owner);
	const page = await openAt(demo, path);
	await page.route(
		"**/move",
		async (route) => {
			await demo.owner.must("PATCH", nodePath("Bill"), { title: "Invoice" });
			await route.continue();
		},
		{ times: 1 },
	);
	await row(page, "Bill").focus();
	await page.keyboard.press("Alt+ArrowUp");
	await untilRows(page, "Build .Draw .Cut Sell .Invoice .Offer");
	expect(await page.getByRole("alert").count()).toBe(0);
});

test("on a phone, the row's menu adds a task under a phase and moves one into another phase", async () => {
	const { path } = await buildPlan(demo.owner);
	const page = await openAt(demo, path, phone);
	const choose = async (title: string, item: string) => {
		await page.getByRole("button", { name: `More for ${title}`, exact: true }).tap();
		await page.getByRole("menuitem", { name: item }).tap();
	};
	await choose("Build", "Add task below");
	await page.getByRole("textbox", { name: "Title of the new task" }).fill("Paint");
	await page.keyboard.press("Enter");
	await untilRows(page, "Build .Draw .Cut .Paint Sell .Offer .Bill");
	await page.keyboard.press("Escape");

	await choose("Paint", "Move into…");
	await page.getByRole("textbox", { name: "Search for the new parent" }).fill("sel");
	await page.getByRole("dialog").getByRole("button", { name: "Sell" }).tap();
	await untilRows(page, "Build .Draw .Cut Sell .Offer .Bill .Paint");
	await choose("Paint", "Move to top level");
	await untilRows(page, "Build .Draw .Cut Sell .Offer .Bill Paint");
	await choose("Paint", "Move up");
	await untilRows(page, "Build .Draw .Cut Paint Sell .Offer .Bill");
});

test("a row shows its labels and when it is due, and says that it is overdue until it is closed, also on a phone", async () => {
	const { path, nodePath } = await buildPlan(demo.owner);
	const labels = ["a label that is longer than its room", "oak", "wood"];
	await demo.owner.must("PATCH", nodePath("Draw"), { due_at: "2026-01-05T12:00:00Z", labels });
	await demo.owner.must("PATCH", nodePath("Bill"), { due_at: "2098-01-05T12:00:00Z" });
	const title =
		"Offer a price that is so long to say that no row of any screen that there is has room for all of its words, not even this one";
	await demo.owner.must("PATCH", nodePath("Offer"), { labels, title });
	for (const options of [desktop, phone]) {
		const page = await openAt(demo, path, options);
		const overdue = row(page, "Draw").getByText("Overdue");
		await overdue.waitFor({ state: "attached" });
		expect(await row(page, "Draw").getByText("5 Jan").isVisible()).toBe(true);
		expect(await row(page, "Bill").textContent()).toContain("Due 5 Jan");
		expect(await row(page, "Draw").getByText("oak").isVisible()).toBe(true);
		// Labels get what the title leaves.
		const widthOf = async (name: string, part: string) => (await row(page, name).locator(part).boundingBox())?.width ?? 0;
		const [due, shownLabels] = [
			await row(page, "Draw").locator(".tree-due").boundingBox(),
			await row(page, "Draw").locator(".tree-labels").boundingBox(),
		];
		if (options === phone) expect(shownLabels?.x).toBeGreaterThan((due?.x ?? 0) + (due?.width ?? 0));
		if (options === desktop) expect(await widthOf(title, ".tree-labels")).toBeLessThan(10);
		expect(await widthOf("Draw", ".tree-title")).toBeGreaterThan(30);
		expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
	}
	const page = await openAt(demo, path);
	await row(page, "Draw").click();
	const panel = page.getByRole("complementary", { name: "Draw" });
	await panel.getByText("Overdue", { exact: true }).waitFor();
	await demo.owner.must("PUT", `${nodePath("Draw")}/status`, { status: "completed" });
	await panel.getByText("Overdue", { exact: true }).waitFor({ state: "detached" });
	await row(page, "Draw").getByText("Overdue").waitFor({ state: "detached" });
});
