import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { eventually } from "../scripts/testing/eventually.ts";
import { useDemo } from "./support/demo.ts";

const demo = useDemo();

type Goal = {
	id: string;
	title: string;
	status: string;
	parent_id: string | null;
	percent: number | null;
	links: unknown[];
	version: number;
};

const goals = async () => (await demo.owner.must<{ items: Goal[] }>("GET", `/projects/${demo.owner.projectId}/goals`)).items;
const goalCalled = async (title: string) => (await goals()).find((goal) => goal.title === title);
const until = (what: string, isSo: (goal: Goal) => boolean, title: string) =>
	eventually(what, async () => {
		const goal = await goalCalled(title);
		return goal !== undefined && isSo(goal);
	});
const option = (page: Page, name: string) => page.getByRole("option", { name, exact: true });
const panel = (page: Page, title: string) => page.getByRole("complementary", { name: title });

test("a goal is set, measured, nested, linked to a plan and a task, and shown there", async () => {
	const page = await demo.enter("goals");
	await page.getByRole("link", { name: "Goals", exact: true }).click();
	await page.getByRole("button", { name: "New goal" }).first().click();
	const dialog = page.getByRole("dialog", { name: "New goal" });
	await dialog.getByRole("textbox", { name: "Goal" }).fill("Fewer calls");
	await dialog.getByRole("button", { name: "Add a criterion" }).click();
	await dialog.getByRole("textbox", { name: "What is measured" }).fill("Calls a week");
	for (const [label, value] of [
		["Began at", "40"],
		["Now", "31"],
		["Target", "10"],
	] as const)
		await dialog.getByRole("textbox", { name: label, exact: true }).fill(value);
	await dialog.getByRole("button", { name: "Set the goal" }).click();

	const parent = panel(page, "Fewer calls");
	await parent.getByText("Now 31, target 10, began at 40").waitFor();
	expect(await parent.getByRole("progressbar", { name: "Progress: 30 percent" }).count()).toBe(1);
	await parent.getByRole("button", { name: "Add a goal below" }).click();
	await dialog.getByRole("textbox", { name: "Goal" }).fill("Better help");
	await dialog.getByRole("button", { name: "Set the goal" }).click();

	const child = panel(page, "Better help");
	await child.getByText("Part of Fewer calls").waitFor();
	const link = page.getByRole("dialog", { name: "What leads to" });
	await child.getByRole("button", { name: "Link a plan or task" }).click();
	await link.getByRole("button", { name: "The whole plan" }).click();
	await link.waitFor({ state: "hidden" });
	await child.getByRole("button", { name: "Link a plan or task" }).click();
	await link.getByRole("textbox", { name: "Search for a node" }).fill("announce");
	const task = link.getByRole("listitem").first();
	const title = (await task.textContent()) ?? "";
	await task.getByRole("button").click();
	await link.waitFor({ state: "hidden" });
	expect((await goalCalled("Better help"))?.links).toHaveLength(2);

	await child.getByRole("link", { name: title, exact: true }).click();
	await page.getByRole("navigation", { name: "Goals of this plan" }).getByRole("link", { name: "Better help" }).waitFor();
	await page.getByRole("navigation", { name: "Goals of this node" }).getByRole("link", { name: "Better help" }).click();
	await child.getByRole("button", { name: `Unlink ${title}` }).click();
	await until("the task is unlinked", ({ links }) => links.length === 1, "Better help");
});

test("a goal's status, fields and place are changed; a stale edit overwrites nothing before one says so", async () => {
	const path = `/projects/${demo.owner.projectId}/goals`;
	const [top, goal] = [
		await demo.owner.must<Goal>("POST", path, { title: "Top", status: "active" }),
		await demo.owner.must<Goal>("POST", path, { title: "Loose", status: "active", description: "As it was." }),
	];
	const page = await demo.enter("goal-edit", [412]);
	await page.goto(`${demo.url}${path}?goal=${goal.id}`);
	const aside = page.getByRole("complementary");
	await aside.getByRole("button", { name: "Status of Loose: Active. Change" }).click();
	await page.getByRole("menuitem", { name: "Paused" }).click();
	await until("the goal is paused", ({ status }) => status === "paused", "Loose");

	await aside.getByRole("button", { name: "Edit the goal" }).click();
	await aside.getByRole("combobox", { name: "Part of" }).click();
	expect(await option(page, "Loose").count()).toBe(0);
	await option(page, "Top").click();
	await demo.owner.must("PATCH", `${path}/${goal.id}`, { description: "Theirs." });
	await aside.getByRole("button", { name: "Save" }).click();
	await aside.getByText("Somebody else changed this goal meanwhile").waitFor();
	expect((await goalCalled("Loose"))?.parent_id).toBeNull();
	await aside.getByRole("button", { name: "Keep mine" }).click();
	await aside.getByRole("button", { name: "Save" }).click();
	await aside.getByText("Part of Top").waitFor();
	expect(await goalCalled("Loose")).toMatchObject({ parent_id: top.id, description: "Theirs." });
});

test("one with goals below it stays, any other is deleted and taken back; Escape closes its panel", async () => {
	const path = `/projects/${demo.owner.projectId}/goals`;
	const above = await demo.owner.must<Goal>("POST", path, { title: "Above" });
	await demo.owner.must("POST", path, { title: "Under it", parent_id: above.id });
	const page = await demo.enter("goal-delete", [409]);
	await page.goto(`${demo.url}${path}?goal=${above.id}`);
	await panel(page, "Above").getByRole("button", { name: "Delete the goal" }).click();
	await page.getByText("Other goals stand below this one").waitFor();
	// A hint under the mouse would take the key for itself.
	await page.mouse.move(400, 700);
	await page.getByRole("tooltip").waitFor({ state: "hidden" });
	await page.keyboard.press("Escape");
	await panel(page, "Above").waitFor({ state: "hidden" });
	expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Above");

	await page.getByRole("link", { name: /Under it/ }).click();
	await panel(page, "Under it").getByRole("button", { name: "Delete the goal" }).click();
	await page.getByText("“Under it” is deleted").waitFor();
	expect(await goalCalled("Under it")).toBeUndefined();
	await page.getByRole("button", { name: "Undo" }).click();
	await panel(page, "Under it").waitFor();
	expect(await goalCalled("Under it")).toMatchObject({ parent_id: above.id });
});

test("what was typed about a goal outlives Escape, and Cancel gives it up", async () => {
	const path = `/projects/${demo.owner.projectId}/goals`;
	const goal = await demo.owner.must<Goal>("POST", path, { title: "Half typed" });
	const page = await demo.enter("goal-drafts");
	await page.goto(`${demo.url}${path}?create=true`);
	const dialog = page.getByRole("dialog", { name: "New goal" });
	await dialog.getByRole("textbox", { name: "Goal" }).fill("Not yet set");
	await page.keyboard.press("Escape");
	await dialog.waitFor({ state: "hidden" });
	await page.getByRole("button", { name: "New goal" }).first().click();
	expect(await dialog.getByRole("textbox", { name: "Goal" }).inputValue()).toBe("Not yet set");
	await dialog.getByRole("button", { name: "Set the goal" }).click();
	await panel(page, "Not yet set").waitFor();
	await page.getByRole("button", { name: "New goal" }).first().click();
	expect(await dialog.getByRole("textbox", { name: "Goal" }).inputValue()).toBe("");

	await page.goto(`${demo.url}${path}?goal=${goal.id}`);
	const aside = panel(page, "Half typed");
	const title = aside.getByRole("textbox", { name: "Goal" });
	await aside.getByRole("button", { name: "Edit the goal" }).click();
	await title.fill("Typed");
	await aside.getByRole("button", { name: "Save" }).focus();
	await page.keyboard.press("Escape");
	await aside.waitFor({ state: "hidden" });
	await page.getByRole("link", { name: /Half typed/ }).click();
	expect(await title.inputValue()).toBe("Typed");
	await aside.getByRole("button", { name: "Cancel" }).click();
	await aside.getByRole("button", { name: "Edit the goal" }).click();
	expect(await title.inputValue()).toBe("Half typed");
});

test("what is typed about a goal while it is being saved is kept", async () => {
	const path = `/projects/${demo.owner.projectId}/goals`;
	const page = await demo.enter("goal-typed-on");
	let answer = () => {};
	await page.route(/\/goals(\/[^/?]+)?$/, async (route) => {
		if (route.request().method() !== "GET")
			await new Promise<void>((resolve) => {
				answer = resolve;
			});
		await route.continue();
	});
	await page.goto(`${demo.url}${path}?create=true`);
	const dialog = page.getByRole("dialog", { name: "New goal" });
	await dialog.getByRole("textbox", { name: "Goal" }).fill("Set slowly");
	await Promise.all([
		page.waitForRequest((request) => request.method() === "POST"),
		dialog.getByRole("button", { name: "Set the goal" }).click(),
	]);
	await dialog.getByRole("textbox", { name: "Goal" }).fill("Set slowly, and well");
	answer();
	const aside = panel(page, "Set slowly");
	const title = aside.getByRole("textbox", { name: "Goal" });
	await title.waitFor();
	expect(await title.inputValue()).toBe("Set slowly, and well");
	await Promise.all([page.waitForRequest((request) => request.method() === "PATCH"), aside.getByRole("button", { name: "Save" }).click()]);
	await title.fill("Set slowly, and very well");
	answer();
	await page.getByText("Saved, but for what you typed meanwhile").waitFor();
	const form = page.getByRole("complementary");
	expect(await form.getByRole("textbox", { name: "Goal" }).inputValue()).toBe("Set slowly, and very well");
	expect(await goalCalled("Set slowly, and well")).toBeDefined();
	await Promise.all([page.waitForRequest((request) => request.method() === "PATCH"), form.getByRole("button", { name: "Save" }).click()]);
	answer();
	await form.getByRole("button", { name: "Edit the goal" }).waitFor();
	expect(await goalCalled("Set slowly, and very well")).toBeDefined();
});
