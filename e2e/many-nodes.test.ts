import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { eventually } from "../scripts/testing/eventually.ts";
import { useDemo } from "./support/demo.ts";
import { buildPlan, desktop, focused, openAt, phone, row, untilRows } from "./support/plan-rows.ts";

const demo = useDemo();

const open = async (options = desktop) => {
	const plan = await buildPlan(demo.owner);
	return { ...plan, page: await openAt(demo, plan.path, options) };
};
const whole = "Build .Draw .Cut Sell .Offer .Bill";

const bar = (page: Page) => page.getByRole("toolbar", { name: "The selected nodes" });
const toast = (page: Page) => page.getByRole("group", { name: "Last change" });
const chosen = (page: Page) =>
	page.locator('[role="treeitem"][aria-selected="true"]').evaluateAll((items) => items.map((item) => item.ariaLabel).join(" "));
const statusOf = async (path: string) => (await demo.owner.must<{ status: string }>("GET", path)).status;

/** Paths of the requests that change something, as they are sent. */
const watchWrites = (page: Page): string[] => {
	const sent: string[] = [];
	page.on("request", (request) => {
		if (request.method() !== "GET") sent.push(new URL(request.url()).pathname.replace(/.*\/plans\/[^/]+/, ""));
	});
	return sent;
};

test("nodes are chosen by mouse and keyboard, and Escape lets go of them before it closes the panel", async () => {
	const { page } = await open();
	await row(page, "Draw").click({ modifiers: ["ControlOrMeta"] });
	await row(page, "Offer").click({ modifiers: ["Shift"] });
	expect(await chosen(page)).toBe("Draw Cut Sell Offer");
	await row(page, "Sell").click({ modifiers: ["ControlOrMeta"] });
	expect(await chosen(page)).toBe("Draw Cut Offer");
	await page.keyboard.press("Escape");
	expect(await chosen(page)).toBe("");

	await row(page, "Cut").focus();
	await page.keyboard.press("x");
	await page.keyboard.press("Shift+ArrowDown");
	await page.keyboard.press("Shift+ArrowDown");
	expect(await chosen(page)).toBe("Cut Sell Offer");
	await page.keyboard.press("Shift+ArrowUp");
	expect(await chosen(page)).toBe("Cut Sell");
	expect(await focused(page)).toBe("Sell");
	await bar(page).getByText("2 selected").waitFor();

	await page.keyboard.press("Enter");
	const panel = page.getByRole("complementary", { name: "Sell" });
	await panel.waitFor();
	await page.keyboard.press("Escape");
	await bar(page).waitFor({ state: "hidden" });
	await panel.waitFor();
	await row(page, "Sell").focus();
	await page.keyboard.press("Escape");
	await panel.waitFor({ state: "hidden" });
	await page.keyboard.press("ControlOrMeta+a");
	await bar(page).getByText("6 selected").waitFor();
});

test("a status, a move and a deletion of many are one request each, and are undone one after the other", async () => {
	const { page, nodePath } = await open();
	const sent = watchWrites(page);
	await row(page, "Draw").click({ modifiers: ["ControlOrMeta"] });
	await row(page, "Cut").click({ modifiers: ["ControlOrMeta"] });
	await bar(page).getByRole("button", { name: "Status" }).click();
	await page.getByRole("menuitem", { name: "Completed" }).click();
	await toast(page).getByText("Set 2 tasks to Completed").waitFor();
	expect([await statusOf(nodePath("Draw")), await statusOf(nodePath("Cut"))]).toEqual(["completed", "completed"]);
	// Both phase and plan say the same.
	await row(page, "Build").getByText("2 of 2 completed").waitFor({ state: "attached" });
	await page.locator(".page-bar").getByText("2 of 4 completed").waitFor({ state: "attached" });

	await bar(page).getByRole("button", { name: "Move to…" }).click();
	await page.getByRole("dialog", { name: "Move 2 tasks into…" }).getByRole("button", { name: "Sell" }).click();
	await toast(page).getByText("Moved 2 tasks under “Sell”").waitFor();
	await untilRows(page, "Build Sell .Offer .Bill .Draw .Cut");

	await bar(page).getByRole("button", { name: "Delete" }).click();
	await untilRows(page, "Build Sell .Offer .Bill");
	await toast(page).getByText("Deleted 2 tasks").waitFor();
	expect(sent).toEqual(["/nodes/status", "/nodes/move", "/nodes/delete"]);
	expect(await chosen(page)).toBe("");

	await toast(page).getByRole("button", { name: "Undo" }).click();
	await untilRows(page, "Build Sell .Offer .Bill .Draw .Cut");
	await row(page, "Bill").focus();
	await page.keyboard.press("ControlOrMeta+z");
	await untilRows(page, whole);
	await page.keyboard.press("ControlOrMeta+z");
	await toast(page).getByText("Undone: set 2 tasks to Completed").waitFor();
	expect([await statusOf(nodePath("Draw")), await statusOf(nodePath("Cut"))]).toEqual(["not_started", "not_started"]);
	await page.keyboard.press("ControlOrMeta+z");
	await toast(page).getByText("Nothing of yours to undo here").waitFor();
	await toast(page).getByRole("button", { name: "Dismiss" }).press("Enter");
	await eventually("a row has the focus again", async () => (await focused(page)) === "Bill");
});

test("Ctrl+Z undoes from the toolbar, too, and not from a text field", async () => {
	const { page, nodePath } = await open();
	await row(page, "Draw").click({ modifiers: ["ControlOrMeta"] });
	await row(page, "Cut").click({ modifiers: ["ControlOrMeta"] });
	await bar(page).getByRole("button", { name: "Status" }).click();
	await page.getByRole("menuitem", { name: "Completed" }).click();
	await toast(page).getByText("Set 2 tasks to Completed").waitFor();
	await row(page, "Offer").focus();
	await page.keyboard.press("n");
	await page.getByRole("textbox", { name: "Title of the new task" }).press("ControlOrMeta+z");
	await page.keyboard.press("Escape");
	await bar(page).getByRole("button", { name: "Status" }).focus();
	expect(await statusOf(nodePath("Draw"))).toBe("completed");
	await page.keyboard.press("ControlOrMeta+z");
	await toast(page).getByText("Undone: set 2 tasks to Completed").waitFor();
	expect([await statusOf(nodePath("Draw")), await statusOf(nodePath("Cut"))]).toEqual(["not_started", "not_started"]);
});

test("what is refused shows as it was again, stays chosen, and says why", async () => {
	const { page, nodePath } = await open();
	// Just before ours arrives, somebody works on one of them.
	await page.route("**/nodes/delete", async (route) => {
		await demo.owner.must("PUT", `${nodePath("Cut")}/status`, { status: "in_progress" });
		await route.continue();
	});
	await row(page, "Draw").click({ modifiers: ["ControlOrMeta"] });
	await row(page, "Cut").click({ modifiers: ["ControlOrMeta"] });
	await bar(page).getByRole("button", { name: "Delete" }).click();
	await page.getByRole("alert").filter({ hasText: "Not deleted: Somebody changed some of these nodes meanwhile." }).waitFor();
	await untilRows(page, whole);
	expect(await chosen(page)).toBe("Draw Cut");
	// Seen by now, it can be repeated.
	await page.unroute("**/nodes/delete");
	await bar(page).getByRole("button", { name: "Delete" }).click();
	await untilRows(page, "Build Sell .Offer .Bill");
});

test("an edit of a title at the same time stops no change of many statuses", async () => {
	const { page, nodePath } = await open();
	await page.route(
		"**/nodes/status",
		async (route) => {
			await demo.owner.must("PATCH", nodePath("Cut"), { title: "Saw" });
			await route.continue();
		},
		{ times: 1 },
	);
	await row(page, "Draw").click({ modifiers: ["ControlOrMeta"] });
	await row(page, "Cut").click({ modifiers: ["ControlOrMeta"] });
	await bar(page).getByRole("button", { name: "Status" }).click();
	await page.getByRole("menuitem", { name: "Blocked" }).click();
	await toast(page).getByText("Set 2 tasks to Blocked").waitFor();
	expect([await statusOf(nodePath("Draw")), await statusOf(nodePath("Cut"))]).toEqual(["blocked", "blocked"]);
});

test("undo is refused once somebody else has changed the plan, and says who and what", async () => {
	const { page, nodePath } = await open();
	await row(page, "Draw").focus();
	await page.keyboard.press("Delete");
	await untilRows(page, "Build .Cut Sell .Offer .Bill");
	expect(await focused(page)).toBe("Cut");
	await toast(page).getByText("Deleted “Draw”").waitFor();
	await demo.owner.must("POST", `${nodePath("Bill")}/move`, { parent_id: null, after_id: null });
	await toast(page).getByRole("button", { name: "Undo" }).click();
	await page.getByRole("alert").filter({ hasText: "Not undone: Demo has changed the plan since: moved “Bill”." }).waitFor();
	expect(await toast(page).getByRole("button", { name: "Undo" }).count()).toBe(0);
	await page.mouse.move(0, 0);
	await toast(page).waitFor({ state: "hidden", timeout: 20_000 });
});

test("an added task is taken back by Ctrl+Z", async () => {
	const { page } = await open();
	await row(page, "Cut").focus();
	await page.keyboard.press("n");
	await page.getByRole("textbox", { name: "Title of the new task" }).fill("Paint");
	await page.keyboard.press("Enter");
	await toast(page).getByText("Added “Paint”").waitFor();
	await page.keyboard.press("Escape");
	await row(page, "Cut").focus();
	await page.keyboard.press("ControlOrMeta+z");
	await untilRows(page, whole);
});

test("deleted nodes are listed with the day on which they go for good, and are restored to where they stood", async () => {
	const { page, nodePath } = await open();
	await demo.owner.must("DELETE", nodePath("Draw"));
	await demo.owner.must("DELETE", nodePath("Build"));
	await page.getByText("Deleted", { exact: true }).click();
	const listed = page.getByRole("list", { name: "Deleted" }).getByRole("listitem");
	const lastDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" }).format(Date.now() + 30 * 86_400_000);
	await listed
		.filter({ hasText: "Build with 1 below" })
		.filter({ hasText: `gone for good on ${lastDay}` })
		.waitFor();
	await page.getByRole("button", { name: "Restore Draw" }).click();
	await page.getByRole("alert").filter({ hasText: "Not restored: It stood under “Build”, which is deleted, too." }).waitFor();
	await page.getByRole("button", { name: "Restore Build" }).click();
	await page.getByRole("status").filter({ hasText: "Restored Build." }).waitFor();
	await page.getByRole("button", { name: "Restore Draw" }).click();
	await page.getByText("Nothing is deleted").waitFor();
	await page.getByRole("link", { name: "Draw" }).click();
	await untilRows(page, whole);
	await page.getByRole("complementary", { name: "Draw" }).waitFor();
});

test("on a phone, the row's menu begins a selection, and taps add to it", async () => {
	const { page } = await open(phone);
	await page.getByRole("button", { name: "More for Draw", exact: true }).tap();
	await page.getByRole("menuitem", { name: "Select" }).tap();
	await row(page, "Offer").tap();
	expect(await chosen(page)).toBe("Draw Offer");
	await bar(page).getByRole("button", { name: "Move to…" }).tap();
	await page.getByRole("dialog").getByRole("button", { name: "Top level" }).tap();
	await untilRows(page, "Build .Cut Sell .Bill Draw Offer");
	await bar(page).getByRole("button", { name: "Clear the selection" }).tap();
	await row(page, "Bill").tap();
	await page.getByRole("complementary", { name: "Bill" }).waitFor();
});

test("an edit that can't be undone ends the offer to undo what was before it", async () => {
	const { page } = await open();
	await row(page, "Cut").focus();
	await page.keyboard.press("n");
	await page.getByRole("textbox", { name: "Title of the new task" }).fill("Paint");
	await page.keyboard.press("Enter");
	await toast(page).getByText("Added “Paint”").waitFor();
	await page.keyboard.press("Escape");
	await row(page, "Bill").focus();
	await page.keyboard.press("F2");
	await page.getByRole("textbox", { name: "Title", exact: true }).fill("Invoice");
	await page.keyboard.press("Enter");
	await toast(page).waitFor({ state: "hidden" });
	await untilRows(page, "Build .Draw .Cut .Paint Sell .Offer .Invoice");
	await page.keyboard.press("ControlOrMeta+z");
	await toast(page).getByText("Nothing of yours to undo here").waitFor();
	await untilRows(page, "Build .Draw .Cut .Paint Sell .Offer .Invoice");
});
