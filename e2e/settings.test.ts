import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { eventually } from "../scripts/testing/eventually.ts";
import { openChromium } from "./support/chromium.ts";
import { join } from "./support/join.ts";
import { openPage } from "./support/open-page.ts";
import { type Person, signIn } from "./support/person.ts";
import { type Product, startProduct } from "./support/product.ts";
import { startRefusingAgent } from "./support/refusing-agent.ts";
import { signInOn } from "./support/visit.ts";

let product: Product;
let browser: Browser;
let context: BrowserContext;
let page: Page;
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

beforeEach(async () => {
	context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	onTestFinished(() => context.close());
	// The last owner is refused to leave.
	page = await openPage(context, "settings", [422]);
	await signInOn(page, product);
});

/** Does what a shell and curl do with the line: quoted words, headers, a body. */
const runCurl = (command: string): Promise<Response> => {
	const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
	const after = (flag: string) => words.flatMap((word, index) => (words[index - 1] === flag ? [word] : []));
	const [body] = after("-d");
	return fetch(words.at(-1) ?? "", {
		method: body === undefined ? "GET" : "POST",
		headers: Object.fromEntries(after("-H").map((header) => header.split(": ") as [string, string])),
		...(body === undefined ? {} : { body }),
	});
};

test("a token that was made on the page asks an agent by the shown command, until it is revoked", async () => {
	await page.getByRole("link", { name: "Settings" }).click();
	await page.getByRole("button", { name: "New token" }).first().click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("textbox", { name: "Name" }).fill("Nightly script");
	await dialog.getByRole("button", { name: "Create token" }).click();
	await dialog.getByText("curl -s").first().waitFor();
	const [token = "", command = "", readAnswer = ""] = await dialog.locator(".copy-value code").allInnerTexts();
	expect(token).toMatch(/^ap_/);
	await dialog.getByText("It is shown only this once").waitFor();

	const asked = await runCurl(command);
	expect(asked.status).toBe(202);
	const { id } = (await asked.json()) as { id: string };
	await eventually("the request is answered", async () => {
		const { body } = await owner.request<{ request: { status: string } }>("GET", `/projects/${owner.projectId}/requests/${id}`);
		return body.request.status === "completed";
	});
	const answer = await runCurl(readAnswer.replace("/ID", `/${id}`));
	expect(await answer.json()).toMatchObject({ request: { id, status: "completed" }, responses: [{ kind: "answer" }] });

	await dialog.getByRole("button", { name: "I have copied it" }).click();
	await dialog.waitFor({ state: "hidden" });
	expect(await page.content()).not.toContain(token);
	await page.getByRole("button", { name: "Revoke Nightly script" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Revoke token" }).click();
	await page.getByText("Ended tokens (1)").waitFor();
	expect((await runCurl(command)).status).toBe(401);
});

test("a token's name that was left empty is gone to, with its label in sight", async () => {
	await page.setViewportSize({ width: 1280, height: 500 });
	await page.goto(`${product.url}/projects/${owner.projectId}/settings/tokens`);
	await page.getByRole("button", { name: "New token" }).first().click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("button", { name: "Create token" }).click();
	const name = dialog.getByRole("textbox", { name: "Name" });
	await eventually("the field has the focus", () => name.evaluate((field) => field === document.activeElement));
	const header = await dialog.locator("header").boundingBox();
	const label = await dialog.locator("label", { hasText: "Name" }).first().boundingBox();
	expect(label?.y).toBeGreaterThanOrEqual((header?.y ?? 0) + (header?.height ?? 0));
});

test("an owner gives a member another role, which the member's pages follow; the last owner can't go", async () => {
	const { login } = await join(product.url, owner, { email: "grace@example.org", name: "grace", role: "viewer" });
	const elsewhere = await browser.newContext();
	onTestFinished(() => elsewhere.close());
	const theirs = await openPage(elsewhere, "members-theirs");
	await signInOn(theirs, { ...product, login });
	await theirs.getByRole("link", { name: "Settings" }).click();
	await theirs.getByRole("link", { name: "Members" }).click();
	await theirs.getByRole("list", { name: "Members" }).getByText("grace@example.org").waitFor();
	expect(await theirs.getByRole("button", { name: "Invite" }).count()).toBe(0);
	expect(await theirs.getByRole("link", { name: "Audit" }).count()).toBe(0);

	await theirs.goto(`${product.url}/projects/${owner.projectId}/settings/audit`);
	await theirs.getByText("The audit log is for admins and owners").waitFor();
	await theirs.goto(product.url);
	await theirs.getByRole("treeitem").first().click();
	await theirs.getByText("You are a viewer here").waitFor();
	expect(await theirs.getByRole("button", { name: /^(Add phase|New plan|More for|Status of|Kind:)/ }).count()).toBe(0);
	expect(await theirs.getByRole("button", { name: "Ask Agent", exact: true }).isDisabled()).toBe(true);
	await theirs.goto(`${product.url}/projects/${owner.projectId}/settings/members`);

	await page.getByRole("link", { name: "Settings" }).click();
	await page.getByRole("link", { name: "Members" }).click();
	await page.getByRole("combobox", { name: "Role of grace" }).click();
	await page.getByRole("option", { name: "Admin" }).click();
	await theirs.getByRole("button", { name: "Invite" }).waitFor();
	await theirs.getByRole("link", { name: "Audit" }).click();
	await theirs.getByText("changed the role of grace from viewer to admin").waitFor();

	await page.getByRole("button", { name: "Leave the project" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
	await page.getByText("this is the last one").waitFor();
});

test("routes that aren't saved are not left without asking", async () => {
	await page.getByRole("button", { name: "Routes" }).click();
	await page.getByRole("button", { name: "Add route" }).click();
	await page.getByRole("dialog", { name: "Routes of this plan" }).getByRole("button", { name: "Close" }).click();
	await page.getByRole("button", { name: "Stay" }).click();
	await page.getByText("Not saved yet").waitFor();
	await page.getByRole("dialog", { name: "Routes of this plan" }).getByRole("button", { name: "Close" }).click();
	await page.getByRole("button", { name: "Leave without saving" }).click();
	await page.getByRole("dialog").first().waitFor({ state: "hidden" });

	await page.getByRole("link", { name: "Integrations" }).click();
	await page.getByRole("button", { name: "Add route" }).click();
	await page.getByRole("link", { name: "Agents" }).click();
	await page.getByRole("button", { name: "Leave without saving" }).click();
	await page.getByRole("heading", { name: "Agents", exact: true }).waitFor();
});

test("an invitation is a link that is shown once, and is listed until it is revoked", async () => {
	await page.goto(`${product.url}/projects/${owner.projectId}/settings/members`);
	await page.getByRole("button", { name: "Invite" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByLabel("E-mail").fill("lin@example.org");
	await dialog.getByRole("button", { name: "Make the link" }).click();
	await dialog.getByText("AgentPlanner sends no mails.").waitFor();
	expect(await dialog.locator(".copy-value code").innerText()).toMatch(/^http.*\/invitation#inv_/);
	await dialog.getByRole("button", { name: "I have copied it" }).click();
	await page.getByRole("button", { name: "Revoke the invitation of lin@example.org" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Revoke invitation" }).click();
	await page.getByText("Nobody is invited.").waitFor();
});

test("an integration says that its agent refuses, and a test that passes lets what waited go out", async () => {
	const agent = await startRefusingAgent();
	onTestFinished(() => agent.close());
	const project = `/projects/${owner.projectId}`;
	const integration = await owner.must<{ id: string }>("POST", `${project}/integrations`, {
		adapter: "webhook",
		name: "Guarded agent",
		settings: { url: agent.url },
	});
	const plans = await owner.must<{ items: { id: string }[] }>("GET", `${project}/plans`);
	const tree = await owner.must<{ nodes: { id: string; kind: string }[] }>("GET", `${project}/plans/${plans.items[0]?.id}`);
	const asked = await owner.must<{ id: string }>("POST", `${project}/requests`, {
		node_id: tree.nodes.find(({ kind }) => kind === "task")?.id,
		question: "May I come in?",
		targets: [{ integration_id: integration.id }],
	});
	await page.goto(`${product.url}${project}/requests`);
	const row = page.getByRole("listitem").filter({ hasText: "May I come in?" });
	await row.filter({ hasText: "Held" }).waitFor();

	await page.goto(`${product.url}${project}/integrations?integration=${integration.id}`);
	const item = page.getByRole("listitem").filter({ hasText: "Guarded agent" }).first();
	await item.getByText("Not authorized since").waitFor();
	await item.getByText("1 delivery", { exact: true }).waitFor();
	agent.letIn();
	await item.getByRole("button", { name: "Test now" }).click();
	await item.getByText("The last thing tried got through.").waitFor();
	await item.getByText("Nothing", { exact: true }).waitFor();
	await page.goto(`${product.url}${project}/requests/${asked.id}`);
	await page.getByRole("status").filter({ hasText: "Answered" }).waitFor();
});

test("what happens while nobody answers is set in the project's settings, and a request's page says when; health says that nothing is missing", async () => {
	const project = `/projects/${owner.projectId}`;
	await page.goto(`${product.url}${project}/settings/project`);
	const after = page.getByRole("textbox", { name: "Step 3: after how much" });
	await page.getByRole("button", { name: "Add a step" }).click();
	await page.getByRole("combobox", { name: "Step 3: what happens" }).click();
	await page.getByRole("option", { name: "Give up" }).click();
	await after.fill("100");
	await page.getByRole("switch", { name: "Quiet hours" }).click();
	// A weekend might last beyond the deadline.
	await page.getByRole("checkbox", { name: "Saturday and Sunday, too" }).click();
	await page.getByRole("button", { name: "Save" }).click();
	await page.getByText("A whole number from 1 to 99.").waitFor();
	await after.fill("90");
	await page.getByRole("button", { name: "Save" }).click();
	await page.getByRole("button", { name: "Save" }).waitFor({ state: "hidden" });
	expect((await owner.request("GET", project)).body).toMatchObject({
		ladder: { steps: [{ do: "nudge" }, { do: "escalate" }, { do: "expire", after_percent: 90 }] },
		quiet_hours: { from: "22:00", until: "07:00", weekends: false },
	});

	const agent = await startRefusingAgent();
	onTestFinished(() => agent.close());
	const { items: plans } = await owner.must<{ items: { id: string }[] }>("GET", `${project}/plans`);
	const { nodes } = await owner.must<{ nodes: { id: string }[] }>("GET", `${project}/plans/${plans[0]?.id}`);
	const integration = await owner.must<{ id: string }>("POST", `${project}/integrations`, {
		adapter: "webhook",
		name: "Away",
		settings: { url: agent.url },
	});
	const { id } = await owner.must<{ id: string }>("POST", `${project}/requests`, {
		node_id: nodes[0]?.id,
		question: "Is anybody there?",
		targets: [{ integration_id: integration.id, address: "" }],
	});
	await page.goto(`${product.url}${project}/requests/${id}`);
	const steps = page.getByRole("region", { name: "While nobody answers" }).getByRole("listitem");
	await eventually("the page says what comes", async () => (await steps.count()) === 3);
	await steps.last().getByText("It is given up").waitFor();

	await page.goto(`${product.url}${project}/settings/health`);
	await page.getByText("Everything is where it must be").waitFor();
});
