import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { openChromium } from "./support/chromium.ts";
import { join } from "./support/join.ts";
import { openPage } from "./support/open-page.ts";
import { type Person, signIn } from "./support/person.ts";
import { type Product, startProduct } from "./support/product.ts";
import { addRoutedAgent } from "./support/routed-agent.ts";
import { startScriptedAgent } from "./support/scripted-agent.ts";
import { fillSignIn, signInOn } from "./support/visit.ts";

let product: Product;
let browser: Browser;
let owner: Person;
let nodeId: string;
let planId: string;

beforeAll(async () => {
	browser = await openChromium();
	product = await startProduct();
	owner = await signIn(product.url, product.login);
	const { items } = await owner.must<{ items: { id: string }[] }>("GET", `/projects/${owner.projectId}/plans`);
	planId = items[0]?.id ?? "";
	const { nodes } = await owner.must<{ nodes: { id: string; title: string }[] }>("GET", `/projects/${owner.projectId}/plans/${planId}`);
	nodeId = nodes.find(({ title }) => title === "Draft the announcement post")?.id ?? "";
}, 180_000);

afterAll(async () => {
	await browser?.close();
	await product?.[Symbol.asyncDispose]();
});

let context: BrowserContext;
beforeEach(async () => {
	context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	onTestFinished(() => context.close());
});

const taskUrl = (more = "") => `${product.url}/projects/${owner.projectId}/plans/${planId}?node=${nodeId}${more}`;

const openTask = async (page: Page, login = product.login, more = "") => {
	await signInOn(page, { url: product.url, login });
	await page.goto(taskUrl(more));
	await page.getByRole("heading", { name: "Decisions" }).waitFor();
	await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
};

const card = (page: Page, question: string) => page.getByRole("listitem").filter({ hasText: question });

const request = (question: string, more: Record<string, unknown> = {}) =>
	owner.must<{ id: string }>("POST", `/projects/${owner.projectId}/decisions`, { node_id: nodeId, question, ...more });

test("a decision is requested and decided on the task; another page and a viewer see both within a second or two", async () => {
	const page = await openPage(context, "decisions");
	await openTask(page);
	const account = { email: "vera@example.org", name: "Vera", role: "viewer" };
	const { login } = await join(product.url, owner, account);
	const viewers = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	onTestFinished(() => viewers.close());
	const viewer = await openPage(viewers, "decisions-viewer");
	await openTask(viewer, login);

	await page.getByRole("button", { name: "Request a decision" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("textbox", { name: "Question" }).fill("Publish it on Monday?");
	await dialog.getByRole("textbox", { name: "Details" }).fill("The links are **checked**.");
	await dialog.getByRole("combobox", { name: "Deadline" }).click();
	await page.getByRole("option", { name: "In 1 day" }).click();
	await dialog.getByRole("combobox", { name: "If nobody decides" }).click();
	await page.getByRole("option", { name: "It counts as rejected" }).click();
	await dialog.getByRole("button", { name: "Request decision" }).click();
	await dialog.waitFor({ state: "hidden" });

	const seen = card(viewer, "Publish it on Monday?");
	await seen.getByText("Needs a decision").waitFor({ timeout: 2_000 });
	await seen.getByText("then it ends as “Reject”").waitFor();
	await seen.getByText("You are a viewer here").waitFor();
	expect(await seen.getByRole("button").count()).toBe(0);
	expect(await viewer.getByRole("button", { name: "Request a decision" }).count()).toBe(0);

	const treeRow = page.getByRole("treeitem").filter({ hasText: "Draft the announcement post" }).last();
	await treeRow.getByText("Needs a decision").waitFor();
	const own = card(page, "Publish it on Monday?");
	await own.getByRole("textbox", { name: "Comment" }).fill("With the second headline.");
	await own.getByRole("button", { name: "Approve" }).click();
	await own.getByText("via the web").waitFor();
	await seen.getByText("With the second headline.").waitFor({ timeout: 2_000 });
	await seen.getByText(/^Decided by .+ via the web$/).waitFor();
	expect(await viewer.evaluate(() => "neverReloaded" in window)).toBe(true);
});

test("who is told is chosen: a channel with its own word, and a member who has linked no account is named", async () => {
	const page = await openPage(context, "decisions-told", [422]);
	await openTask(page);
	await page.getByRole("button", { name: "Request a decision" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByText("By the routes: Echo agent on this machine.").waitFor();
	await dialog.getByRole("textbox", { name: "Question" }).fill("Book the hall?");
	await dialog.getByRole("radiogroup", { name: "Who is told" }).getByText("I choose").click();
	await dialog.getByRole("button", { name: "Request decision" }).click();
	await dialog.getByText("Choose who is told, or leave it to the routes").waitFor();
	await dialog.getByRole("combobox", { name: "Told 1" }).click();
	await page.getByRole("option", { name: "Echo agent on this machine" }).click();
	await dialog.getByRole("button", { name: "Add", exact: true }).click();
	await dialog.getByRole("combobox", { name: "Told 2" }).click();
	await page.getByRole("option", { name: "demo@example.org" }).click();
	await dialog.getByRole("button", { name: "Request decision" }).click();
	await dialog.getByText("has linked no account that an integration of this project reaches").waitFor();
	await dialog.getByRole("button", { name: "Remove 2" }).click();
	await dialog.getByRole("button", { name: "Request decision" }).click();
	await dialog.waitFor({ state: "hidden" });
	await card(page, "Book the hall?").getByRole("list", { name: "Who was told" }).getByText("Told Echo agent on this machine").waitFor();
});

test("whoever comes second hears so, and keeps what they wrote", async () => {
	const { id } = await request("Ship the second build?");
	const page = await openPage(context, "decisions-second", [409]);
	await openTask(page);
	const own = card(page, "Ship the second build?");
	await own.getByRole("textbox", { name: "Comment" }).fill("Not before noon.");
	await owner.must("POST", `/projects/${owner.projectId}/decisions/${id}/decide`, { option_id: "reject" });
	await own.getByText("Your choice was not recorded").waitFor({ timeout: 2_000 });
	await own.getByText("You wrote: Not before noon.").waitFor();
	await own.getByRole("button", { name: "All right" }).click();
	await own.getByText("Your choice was not recorded").waitFor({ state: "hidden" });
});

test("the link of a notification opens the decision after signing in, and decides nothing", async () => {
	const { id } = await request("Order the cake?");
	const page = await openPage(context, "decisions-link");
	await page.goto(taskUrl(`&decision=${id}`));
	await page.getByLabel("E-mail").fill(product.login.email);
	await page.getByRole("textbox", { name: "Password" }).fill(product.login.password);
	await page.getByRole("button", { name: "Sign in", exact: true }).click();
	const own = card(page, "Order the cake?");
	await own.getByText("Needs a decision").waitFor();
	await page.waitForFunction(() => document.activeElement?.textContent?.includes("Order the cake?"));
	const { decision } = await owner.must<{ decision: { status: string } }>("GET", `/projects/${owner.projectId}/decisions/${id}`);
	expect(decision.status).toBe("pending");
});

test("what an agent asks people to decide is seen and decided on its request, which says so wherever it is listed", async () => {
	let isDecided = false;
	const agent = await startScriptedAgent(({ type }) => {
		if (type === "agent.request.created") return { status: 200, body: { type: "input_required", text: "Which version?" } };
		if (type === "agent.request.replied") return { status: 200, body: { type: "decision_required", text: "Name the customer?" } };
		if (type === "agent.request.decided") isDecided = true;
		return { status: 200, body: type === "agent.request.decided" ? { type: "answer", text: "Named." } : {} };
	});
	onTestFinished(() => agent.close());
	const page = await openPage(context, "decisions-request");
	await signInOn(page, product);
	const routed = await addRoutedAgent(owner, agent.url);
	const input = { node_id: routed.nodeId, question: "Write it?", targets: [{ agent_id: routed.agentId }] };
	const { id } = await owner.must<{ id: string }>("POST", `/projects/${owner.projectId}/requests`, input);
	await page.goto(`${product.url}/projects/${owner.projectId}/requests/${id}`);
	await page.getByRole("textbox", { name: "Your reply" }).fill("4.2");
	await page.getByRole("button", { name: "Send reply" }).click();

	await page.getByText("People have to decide something").waitFor();
	expect(await page.locator(".request-reply").isVisible()).toBe(false);
	await page.getByRole("link", { name: "All requests" }).click();
	const row = page.getByRole("listitem").filter({ hasText: "Write it?" });
	await row.getByText("Needs a decision").waitFor();
	await page.getByRole("link", { name: /^Requests.*1 waiting for people/ }).waitFor();
	await row.click();
	const own = card(page, "Name the customer?");
	await own.getByRole("button", { name: "Approve" }).click();
	await own.getByText("via the web").waitFor();
	await page.getByText("Named.", { exact: true }).waitFor();
	expect(isDecided).toBe(true);
});

test("a decision in a private plan without routes says that nobody is told elsewhere, before and after it is asked for", async () => {
	const page = await openPage(context, "decisions-private");
	await page.goto(product.url);
	await fillSignIn(page, product.login);
	await page.getByRole("tree").waitFor();
	const plans = `/projects/${owner.projectId}/plans`;
	const plan = await owner.must<{ id: string }>("POST", plans, { title: "Quiet", visibility: "private" });
	const node = await owner.must<{ id: string }>("POST", `${plans}/${plan.id}/nodes`, { title: "Quiet task" });
	await page.goto(`${product.url}${plans}/${plan.id}?node=${node.id}`);
	await page.getByRole("button", { name: "Request a decision" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByText("What is in a private plan goes by its own routes alone, and this one has none").waitFor();
	await dialog.getByRole("textbox", { name: "Question" }).fill("Tell nobody?");
	await dialog.getByRole("button", { name: "Request decision" }).click();
	await card(page, "Tell nobody?").getByText("Nobody was told elsewhere: what is in a private plan").waitFor();
});
