import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { eventually } from "../scripts/testing/eventually.ts";
import { useDemo } from "./support/demo.ts";
import { buildPlan, openAt } from "./support/plan-rows.ts";

type Node = { description: string; context: string; labels: string[]; task_mode: string };

const demo = useDemo();

/** A page with the panel of a task. */
const openTask = async () => {
	const { path, ids, nodePath } = await buildPlan(demo.owner);
	const task = nodePath("Draw");
	const page = await openAt(demo, `${path}?node=${ids.Draw}`);
	const saved = (expected: Partial<Node>) =>
		eventually(`the task is ${JSON.stringify(expected)}`, async () => {
			const node = await demo.owner.must<Node>("GET", task);
			return Object.entries(expected).every(([name, value]) => JSON.stringify(node[name as keyof Node]) === JSON.stringify(value));
		});
	return { page, task, nodePath, saved, panel: page.getByRole("complementary", { name: "Draw" }) };
};

test("a text is added, shown as Markdown, edited where it stands, and folds up again when it is emptied", async () => {
	const { page, panel, saved } = await openTask();
	await panel.getByRole("button", { name: "Add description" }).click();
	await page.keyboard.type("Draw it **to scale**.");
	await page.keyboard.press("ControlOrMeta+Enter");
	await panel.locator("strong", { hasText: "to scale" }).waitFor();
	await saved({ description: "Draw it **to scale**." });

	// The keyboard goes on where it was.
	await page.keyboard.press("Enter");
	await page.keyboard.press("ControlOrMeta+a");
	await page.keyboard.type("Given up");
	await page.keyboard.press("Escape");
	await panel.locator("strong", { hasText: "to scale" }).click();
	await page.keyboard.press("ControlOrMeta+a");
	await page.keyboard.press("Delete");
	// The press that leaves a field still does what it is for.
	await panel.getByRole("button", { name: "Add context" }).click();
	await page.keyboard.type("As last year.");
	await panel.getByRole("heading", { name: "Activity" }).click();
	await panel.getByRole("button", { name: "Add description" }).waitFor();
	await panel.getByText("As last year.").waitFor();
	await saved({ description: "", context: "As last year." });
});

test("what is given up leaves the focus where the field can be opened again; a look elsewhere doesn't close it", async () => {
	const { page, panel } = await openTask();
	const opens = async (name: string) => {
		await page.keyboard.press("Escape");
		await eventually(`the focus is on ${name}`, () => page.evaluate((label) => document.activeElement?.textContent === label, name));
		await page.keyboard.press("Enter");
	};
	await panel.getByRole("button", { name: "Add description" }).click();
	await opens("Add description");
	const text = panel.getByRole("textbox", { name: "Description" });
	// As when the whole window loses and gets the focus.
	await text.evaluate((field) => {
		field.blur();
		field.focus();
	});
	await page.keyboard.press("Shift");
	await page.keyboard.type("Still there", { delay: 20 });
	expect(await text.inputValue()).toBe("Still there");

	await panel.getByRole("button", { name: "Add due date" }).click();
	await opens("Add due date");
	await panel.getByRole("button", { name: "Add label" }).click();
	await opens("Add label");
	await page.keyboard.type("oak\n");
	await page.keyboard.press("Escape");
	await panel.getByRole("button", { name: "Remove the label oak" }).press("Enter");
	await panel.getByText("oak").waitFor({ state: "detached" });
	expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Add label");
});

test("whoever edits a text that somebody else has saved meanwhile sees both, and nothing is lost", async () => {
	const { page, panel, task, saved } = await openTask();
	await panel.getByRole("button", { name: "Add description" }).click();
	await page.keyboard.type("Mine");
	await demo.owner.must("PATCH", task, { description: "Theirs" });
	await page.keyboard.press("ControlOrMeta+Enter");
	const clash = panel.getByRole("alert").filter({ hasText: "Somebody else changed this while you were editing" });
	await clash.filter({ hasText: "Theirs" }).waitFor();
	await saved({ description: "Theirs" });
	expect(await panel.getByRole("textbox", { name: "Description" }).inputValue()).toBe("Mine");
	await clash.getByRole("button", { name: "Save mine" }).click();
	await saved({ description: "Mine" });
	await clash.waitFor({ state: "detached" });
});

const shownLabels = (page: Page) => page.getByRole("list", { name: "Labels" }).getByRole("listitem").allTextContents();

test("labels are added as fast as they are typed, chosen among the plan's, and removed", async () => {
	const { page, panel, nodePath, saved } = await openTask();
	await demo.owner.must("PATCH", nodePath("Bill"), { labels: ["Press", "legal"] });
	await panel.getByRole("button", { name: "Add label" }).click();
	for (const label of ["wood", "oak", "WOOD"]) await page.keyboard.type(`${label}\n`);
	await saved({ labels: ["oak", "wood"] });
	await page.keyboard.type("pre");
	await page.getByRole("option", { name: "Press" }).click();
	await saved({ labels: ["oak", "Press", "wood"] });
	await page.keyboard.press("Escape");
	await panel.getByRole("button", { name: "Remove the label oak" }).click();
	await saved({ labels: ["Press", "wood"] });
	await eventually("the panel shows them", async () => (await shownLabels(page)).join() === "Press,wood");
});

test("labels typed before a save that has ended is drawn are all kept, and none that is saved goes from sight", async () => {
	const { page, panel, saved } = await openTask();
	// What was saved is told to the page by a timer, which comes late on a busy machine.
	await page.addInitScript(() => {
		const { setTimeout } = window;
		window.setTimeout = ((act: TimerHandler, ms = 0) => setTimeout(act, ms === 0 ? 30 : ms)) as typeof window.setTimeout;
	});
	await page.reload();
	await panel.getByRole("button", { name: "Add label" }).click();
	const field = panel.getByRole("combobox", { name: "New label" });
	const names = Array.from({ length: 12 }, (_, at) => `label ${at + 10}`);
	const went = await field.evaluate(async (input: HTMLInputElement, labels) => {
		const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set;
		const shown = () => [...document.querySelectorAll(".label")].map((label) => label.textContent);
		const went: string[] = [];
		for (const [at, label] of labels.entries()) {
			setValue?.call(input, label);
			input.dispatchEvent(new Event("input", { bubbles: true }));
			input.form?.requestSubmit();
			// As long as a save takes, every few milliseconds, and now and then sooner.
			for (let step = 0; step < (at % 4) * 10; step += 1) {
				await new Promise((resolve) => setTimeout(resolve, 4));
				if (!shown().includes(label)) went.push(label);
			}
		}
		return went;
	}, names);
	await saved({ labels: names });
	expect(went).toEqual([]);
});

test("the task mode is chosen", async () => {
	const { page, panel, saved } = await openTask();
	await panel.getByRole("button", { name: "Task mode: Free. Change" }).click();
	await page.getByRole("menuitem", { name: "Research" }).click();
	await panel.getByRole("button", { name: "Task mode: Research. Change" }).waitFor();
	await saved({ task_mode: "research" });
});

test("what can be linked is offered in the order of the tree, without the node's own line and archived plans", async () => {
	const archived = await buildPlan(demo.owner);
	await demo.owner.must("PATCH", archived.path, { title: "In the archive", status: "archived" });
	const { page, panel } = await openTask();
	await panel.getByRole("button", { name: "Add a dependency" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.locator(".pick").first().waitFor();
	// Without “Build”, which the task is part of.
	expect(await dialog.locator(".pick .truncate").allTextContents()).toEqual(["Cut", "Sell", "Offer", "Bill"]);
	await dialog.getByRole("combobox", { name: "Plan" }).fill("archive");
	await page.getByText("In the archive").waitFor({ state: "detached" });
	expect(await page.getByRole("option").count()).toBe(0);
});
