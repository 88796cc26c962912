import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { eventually } from "../scripts/testing/eventually.ts";
import { useDemo } from "./support/demo.ts";

const demo = useDemo();

const open = (name: string, refusals: number[] = []): Promise<Page> =>
	demo.enter(name, refusals, { viewport: { width: 1280, height: 800 }, permissions: ["clipboard-read", "clipboard-write"] });
const editor = (page: Page) => page.getByRole("textbox", { name: "The plan as Markdown or JSON" });
const plansCalled = async (title: string) => {
	const { items } = await demo.owner.must<{ items: { id: string; title: string }[] }>("GET", `/projects/${demo.owner.projectId}/plans`);
	return items.filter((plan) => plan.title === title);
};

test("what is known of each node is seen before anything is made", async () => {
	const page = await open("plan-files-preview");
	await page.goto(`${demo.url}/projects/${demo.owner.projectId}/plans/import`);
	await editor(page).fill(
		"# Shop\n\n- [ ] Rent\n  the small one\n  - Due: 2027-03-01T12:00:00Z\n  - Labels: money, town\n  - Instructions: Ask.\n",
	);
	const row = page.locator(".import-outline li").filter({ hasText: "Rent" });
	await row.getByText(/^due \d+ Mar 2027, \d\d:\d\d · labels: money, town · with instructions$/).waitFor();
	await row.getByText("the small one").waitFor();
});

test("a file is dropped anywhere on the page; JSON that is none says so", async () => {
	const page = await open("plan-files-drop");
	await page.goto(`${demo.url}/projects/${demo.owner.projectId}/plans/import`);
	await editor(page).fill("{ nothing");
	await page.getByText("This begins like JSON, but is none").waitFor();
	const data = await page.evaluateHandle(() => {
		const transfer = new DataTransfer();
		transfer.items.add(new File(["# Dropped\n\n- [x] Done\n"], "dropped.md", { type: "text/markdown" }));
		return transfer;
	});
	for (const type of ["dragover", "drop"]) await page.locator(".import-plan").dispatchEvent(type, { dataTransfer: data });
	await eventually("the file is read", async () => (await editor(page).inputValue()).startsWith("# Dropped"));
	await page.getByText("1 task", { exact: true }).waitFor();
});

test("a plan is downloaded and copied from its header, and comes in again as it was", async () => {
	const page = await open("plan-files-export");
	await page.getByRole("button", { name: "Export" }).click();
	const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "Download Markdown" }).click()]);
	expect(download.suggestedFilename()).toBe("launch-the-spring-release.md");
	const markdown = readFileSync(await download.path(), "utf8");
	expect(markdown).toMatch(/^# Launch the spring release\n/);

	const copied: Record<string, string> = {};
	await page.getByRole("button", { name: "Export" }).click();
	for (const format of ["Markdown", "JSON"]) {
		await page.getByRole("menuitem", { name: `Copy ${format}` }).click();
		await page.getByRole("menuitem", { name: `Copied ${format}` }).waitFor();
		copied[format] = await page.evaluate(() => navigator.clipboard.readText());
	}
	expect(copied.Markdown).toBe(markdown);

	await page.goto(`${demo.url}/projects/${demo.owner.projectId}/plans/import`);
	await editor(page).fill(copied.JSON ?? "");
	await page.getByRole("button", { name: "Import", exact: true }).click();
	await page.getByRole("tree", { name: "Launch the spring release" }).waitFor();
	const imported = /plans\/([0-9a-f-]{36})/.exec(page.url())?.[1];
	const response = await fetch(`${demo.url}/api/v1/projects/${demo.owner.projectId}/plans/${imported}/export`, {
		headers: demo.owner.credentials,
	});
	expect(await response.text()).toBe(markdown);
});

test("what is wrong in a file is shown by its line, which one can go to; mended, it becomes a plan", async () => {
	const page = await open("plan-files-problems", [422]);
	await page.getByRole("button", { name: "New plan" }).click();
	await page.getByRole("dialog").getByRole("link", { name: "Import a file" }).click();
	const broken = "# Shop\n\n- [ ] Rent\n  - Waits for: Money\n- [ ] Borrow money\n";
	await page.locator("input[type=file]").setInputFiles({ name: "shop.md", mimeType: "text/markdown", buffer: Buffer.from(broken) });
	await page.getByText("“Waits for” names “Money”, which is no title in this file").waitFor();
	expect(await page.getByRole("button", { name: "Import", exact: true }).isDisabled()).toBe(true);
	await page.getByRole("button", { name: "Line 4" }).click();
	expect(await page.evaluate(() => getSelection()?.toString())).toBe("  - Waits for: Money");
	await page.keyboard.type("  - Waits for: borrow money");
	await page.getByText("2 tasks, 1 dependency").waitFor();
	expect(await plansCalled("Shop")).toEqual([]);
	await page.getByRole("button", { name: "Import", exact: true }).click();
	await page.getByRole("treeitem", { name: "Borrow money" }).waitFor();
	expect(await plansCalled("Shop")).toHaveLength(1);
});
