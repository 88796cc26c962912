import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { useDemo } from "./support/demo.ts";
import { join } from "./support/join.ts";
import { openPage } from "./support/open-page.ts";
import { signInOn } from "./support/visit.ts";

const demo = useDemo();

const pageOf = async (login: { email: string; password: string }, name: string): Promise<Page> => {
	const page = await openPage(await demo.openWindow(), name);
	await signInOn(page, { url: demo.url, login });
	return page;
};

test("a comment is seen by others at once, answered, settled and told on the timeline", async () => {
	const grace = await join(demo.url, demo.owner, { email: "grace@example.org", name: "Grace Hopper", role: "editor" });
	const { items } = await demo.owner.must<{ items: { id: string }[] }>("GET", `/projects/${demo.owner.projectId}/plans`);
	const planPath = `/projects/${demo.owner.projectId}/plans/${items[0]?.id}`;
	const { nodes } = await demo.owner.must<{ nodes: { id: string; title: string }[] }>("GET", planPath);
	const node = nodes.at(-1);
	const nodePath = `${planPath}?node=${node?.id}`;
	const mine = await pageOf(demo.login, "activity-mine");
	const hers = await pageOf(grace.login, "activity-hers");
	for (const page of [mine, hers]) await page.goto(demo.url + nodePath);

	const field = mine.getByRole("textbox", { name: "Your comment" });
	await field.fill("");
	await field.pressSequentially("Is **this** right, @gra");
	await mine.getByRole("option", { name: "Grace Hopper" }).waitFor();
	await field.press("Enter");
	expect(await field.inputValue()).toBe("Is **this** right, @Grace Hopper ");
	await field.press("Control+Enter");

	const seen = hers.getByRole("article", { name: /^Comment by/ }).first();
	await seen.getByText("Is this right,").waitFor();
	expect(await seen.locator(".mention").textContent()).toBe("@Grace Hopper");
	expect(await seen.locator("strong").last().textContent()).toBe("this");
	expect(await seen.getByRole("button", { name: /What to do with/ }).count()).toBe(0);

	await hers.getByRole("button", { name: "Reply", exact: true }).click();
	await hers.getByRole("textbox", { name: "Your reply" }).fill("It is.");
	await hers.getByRole("button", { name: "Reply", exact: true }).click();
	await mine.getByText("It is.").waitFor();
	await mine.getByRole("button", { name: "Settle" }).click();
	await hers.getByText(/^Settled by/).waitFor();

	await hers.getByText("Log", { exact: true }).click();
	await hers.getByRole("textbox", { name: "What to note" }).fill("Half of it is done.");
	await hers.getByRole("button", { name: "Note", exact: true }).click();
	await hers.getByRole("listitem").filter({ hasText: "Half of it is done." }).getByText("Progress").waitFor();

	await mine.goto(`${demo.url}${planPath}?view=timeline`);
	const entries = mine.getByRole("list", { name: "Timeline" }).getByRole("listitem");
	await entries.filter({ hasText: "Grace Hopper noted progress: “Half of it is done.”" }).waitFor();
	await entries.filter({ hasText: "settled a thread" }).waitFor();
	await hers.getByText("Comments", { exact: true }).click();
	await hers.getByRole("textbox", { name: "Your comment" }).fill("One more thing");
	await hers.getByRole("button", { name: "Comment", exact: true }).click();
	await entries.filter({ hasText: "Grace Hopper commented: “One more thing”" }).waitFor();

	await mine.getByRole("link", { name: "Timeline" }).click();
	await mine.getByRole("combobox", { name: "Who did it" }).click();
	await mine.getByRole("option", { name: "Grace Hopper" }).click();
	await entries.filter({ hasText: "Grace Hopper replied: “It is.”" }).waitFor();
	expect(await entries.filter({ hasText: "settled a thread" }).count()).toBe(0);
	await entries
		.filter({ hasText: "One more thing" })
		.getByRole("link", { name: node?.title ?? "?", exact: true })
		.click();
	await mine.getByRole("complementary", { name: node?.title ?? "?" }).waitFor();
});

test("names are offered though they come after the `@`, and without an offer the arrows move the caret", async () => {
	await join(demo.url, demo.owner, { email: "barbara@example.org", name: "Barbara Liskov", role: "editor" });
	const { items } = await demo.owner.must<{ items: { id: string }[] }>("GET", `/projects/${demo.owner.projectId}/plans`);
	const planPath = `/projects/${demo.owner.projectId}/plans/${items[0]?.id}`;
	const { nodes } = await demo.owner.must<{ nodes: { id: string }[] }>("GET", planPath);
	const page = await pageOf(demo.login, "activity-late-names");
	let deliver = () => {};
	const typed = new Promise<void>((resolve) => {
		deliver = resolve;
	});
	await page.route(/\/(members|people)(\?|$)/, async (route) => {
		await typed;
		await route.continue();
	});
	await page.goto(`${demo.url}${planPath}?node=${nodes.at(-1)?.id}`);
	const field = page.getByRole("textbox", { name: "Your comment" });
	await field.fill("");
	await field.pressSequentially("Hello\n@lis");
	expect(await page.getByRole("option").count()).toBe(0);
	deliver();
	await page.getByRole("option", { name: "Barbara Liskov" }).waitFor();
	await field.press("Escape");
	await field.press("ArrowUp");
	await field.press("Home");
	await field.pressSequentially("Oh, ");
	expect(await field.inputValue()).toBe("Oh, Hello\n@lis");
});
