import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openChromium } from "./support/chromium.ts";
import { joinPlan } from "./support/join.ts";
import { openPage } from "./support/open-page.ts";
import { type Person, signIn } from "./support/person.ts";
import { type Product, startProduct } from "./support/product.ts";
import { settle } from "./support/visit.ts";

let product: Product;
let browser: Browser;
let owner: Person;
beforeAll(async () => {
	browser = await openChromium();
	product = await startProduct();
	owner = await signIn(product.url, product.login);
}, 180_000);
afterAll(async () => {
	await browser?.close();
	await product?.[Symbol.asyncDispose]();
});

type Login = { email: string; password: string };

const signedIn = async (login: Login, name: string): Promise<Page> => {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	onTestFinished(() => context.close());
	const page = await openPage(context, name);
	await page.goto(product.url);
	await page.getByLabel("E-mail").fill(login.email);
	await page.getByRole("textbox", { name: "Password" }).fill(login.password);
	await page.getByRole("button", { name: "Sign in", exact: true }).click();
	await page.getByRole("navigation", { name: "Plans" }).waitFor();
	return page;
};

type Row = { id: string; title: string };
const project = () => `/projects/${owner.projectId}`;
const makePlan = async (title: string, more: Record<string, unknown> = {}) => {
	const plan = await owner.must<Row>("POST", `${project()}/plans`, { title, ...more });
	const node = await owner.must<Row>("POST", `${project()}/plans/${plan.id}/nodes`, { title: `Task of ${title}` });
	return { ...plan, nodeId: node.id };
};

test("a guest who edits one plan is offered what an editor is, and leads nowhere that is closed to guests", async () => {
	const shared = await makePlan("Shared with Greta");
	await makePlan("For members alone");
	const greta = await joinPlan(product.url, owner, shared.id, { email: "greta@example.org", name: "Greta", role: "editor" });
	const page = await signedIn(greta.login, "guest-edits");
	await page.getByRole("tree", { name: "Shared with Greta" }).waitFor();
	expect(await page.getByRole("navigation", { name: "Plans" }).getByRole("link").allInnerTexts()).toEqual(["Shared with Greta"]);
	expect(await page.getByRole("navigation", { name: "Sections" }).getByRole("link").allInnerTexts()).not.toContain("Integrations");
	expect(await page.getByRole("button", { name: "New plan" }).count()).toBe(0);

	await page.getByRole("treeitem", { name: "Task of Shared with Greta" }).click();
	const panel = page.getByRole("complementary", { name: "Task of Shared with Greta" });
	await panel.getByRole("button", { name: "Request a decision" }).waitFor();
	const comment = panel.getByRole("textbox", { name: "Your comment" });
	await comment.fill("Is that all?");
	await comment.press("Control+Enter");
	await panel.getByRole("article", { name: "Comment by Greta" }).waitFor();
	await panel.getByRole("combobox", { name: "Assigned to" }).click();
	await page.getByRole("option", { name: "Greta" }).click();
	await page.keyboard.press("Escape");
	await panel.getByRole("button", { name: "Ask Agent" }).click();
	await page.getByRole("dialog").getByRole("textbox", { name: "Question" }).fill("What is missing?");
	await page.getByRole("dialog").getByRole("button", { name: "Ask", exact: true }).click();
	await panel.getByRole("article", { name: /^Request: What is missing/ }).waitFor();

	for (const { text, path } of await page
		.getByRole("navigation", { name: "Sections" })
		.getByRole("link")
		.evaluateAll((links) => links.map((link) => ({ text: link.textContent, path: link.getAttribute("href") })))) {
		await page.goto(product.url + path);
		await settle(page);
		expect(await page.getByRole("alert").count(), `${text} is closed to guests`).toBe(0);
	}
	expect(await page.getByRole("navigation", { name: "Settings" }).getByRole("link").allInnerTexts()).toEqual(["Project", "Account"]);
});

test("a guest who may only read is offered nothing else, and in an archived plan nobody is", async () => {
	const shared = await makePlan("Shared with Reto");
	const reto = await joinPlan(product.url, owner, shared.id, { email: "reto@example.org", name: "Reto", role: "viewer" });
	const page = await signedIn(reto.login, "guest-reads");
	await page.getByRole("treeitem", { name: "Task of Shared with Reto" }).click();
	await page.getByText("You are a viewer here").waitFor();
	expect(await page.getByRole("button", { name: "Add phase" }).count()).toBe(0);
	expect(await page.getByRole("button", { name: "Ask Agent" }).isDisabled()).toBe(true);
	const { items } = await owner.must<{ items: { user_id: string; name: string }[] }>(
		"GET",
		`${project()}/plans/${shared.id}/collaborators`,
	);
	const id = items.find(({ name }) => name === "Reto")?.user_id;
	await owner.must("PATCH", `${project()}/plans/${shared.id}/collaborators/${id}`, { role: "editor" });
	await page.reload();
	await page.getByRole("button", { name: "Add phase" }).waitFor();
	await owner.must("PATCH", `${project()}/plans/${shared.id}`, { status: "archived" });
	await page.reload();
	await page.getByText("This plan is archived").waitFor();
	expect(await page.getByRole("button", { name: "Add phase" }).count()).toBe(0);
});
