import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { type SlackDouble, startSlackDouble } from "../adapters/tests/slack/slack-double.ts";
import { people, workspace } from "../adapters/tests/slack/workspace.ts";
import { eventually } from "../scripts/testing/eventually.ts";
import { openChromium } from "./support/chromium.ts";
import { join } from "./support/join.ts";
import { openPage } from "./support/open-page.ts";
import { type Person, signIn } from "./support/person.ts";
import { type Product, startProduct } from "./support/product.ts";

let product: Product;
let browser: Browser;
let slack: SlackDouble;
let owner: Person;
let integrationId: string;

beforeAll(async () => {
	slack = await startSlackDouble();
	browser = await openChromium();
	product = await startProduct();
	owner = await signIn(product.url, product.login);
	const made = await owner.must<{ id: string }>("POST", `/projects/${owner.projectId}/integrations`, {
		...{ adapter: "slack", name: "Team Slack", settings: { app_id: workspace.appId, api_url: slack.url } },
		secrets: { bot_token: workspace.token, signing_secret: workspace.signingSecret },
	});
	integrationId = made.id;
}, 180_000);

afterAll(async () => {
	await browser?.close();
	await product?.[Symbol.asyncDispose]();
	await slack?.close();
});

let context: BrowserContext;
let page: Page;
let requested: string[];
beforeEach(async () => {
	context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
	onTestFinished(() => context.close());
	page = await openPage(context, "link-account", [403, 422]);
	requested = [];
	page.on("request", (request) => requested.push(request.url(), request.headers().referer ?? ""));
});

const findMessage = (question: string) => slack.messages().find((message) => JSON.stringify(message).includes(question));

/** Slack's people are asked; resolves once they see the question. */
const askOnSlack = async (question: string): Promise<string> => {
	const { items } = await owner.must<{ items: { id: string }[] }>("GET", `/projects/${owner.projectId}/plans`);
	const tree = await owner.must<{ nodes: { id: string }[] }>("GET", `/projects/${owner.projectId}/plans/${items[0]?.id}`);
	const notify = [{ integration_id: integrationId, address: workspace.channel }];
	const input = { node_id: tree.nodes[0]?.id, question, notify };
	const { id } = await owner.must<{ id: string }>("POST", `/projects/${owner.projectId}/decisions`, input);
	await eventually("the question is in Slack", () => findMessage(question) !== undefined);
	return id;
};

/** Grace takes “Approve” in Slack. */
const press = async (question: string): Promise<void> => {
	const post = slack.decide(findMessage(question), "approve", people.grace);
	expect((await fetch(`${product.url}/ingress/slack/${integrationId}`, { method: "POST", ...post })).status).toBe(200);
};

/** The link that Grace alone sees after she has pressed. */
const pressForLink = async (question: string): Promise<string> => {
	const before = slack.whispers.length;
	await press(question);
	await eventually("Grace is told", () => slack.whispers.length > before);
	expect(slack.whispers.at(-1)).toMatchObject({ user: people.grace.id });
	const [link = ""] = /http[^"]*\/link-account#[\w.-]+/.exec(JSON.stringify(slack.whispers.at(-1))) ?? [];
	return link;
};

const signInHere = async (login: { email: string; password: string }) => {
	await page.getByLabel("E-mail").fill(login.email);
	await page.getByRole("textbox", { name: "Password" }).fill(login.password);
	await page.getByRole("button", { name: "Sign in", exact: true }).click();
};

const linkedOf = async () => (await owner.must<{ items: { provider: string; name: string }[] }>("GET", "/auth/linked-accounts")).items;

test("who presses in Slack for the first time links their account, presses again, and has decided; until they unlink it", async () => {
	const id = await askOnSlack("Shall we publish?");
	const link = await pressForLink("Shall we publish?");
	await page.goto(link);
	await page.getByRole("heading", { name: "Sign in to link your account" }).waitFor();
	await signInHere(product.login);
	await page.getByRole("heading", { name: "Are you grace on Slack?" }).waitFor();
	await page.getByText(`The Slack account grace will decide as ${product.login.email}`).waitFor();
	await page.getByText("the channel “Team Slack” of the project").waitFor();
	expect(await linkedOf()).toEqual([]);
	await page.getByRole("button", { name: "Link", exact: true }).click();
	await page.getByRole("heading", { name: "You are linked" }).waitFor();
	expect(await linkedOf()).toMatchObject([{ provider: "slack", name: "grace" }]);
	// What is behind the # says who one is: no server's log may have it.
	expect(requested.filter((url) => url.includes(link.split("#")[1] ?? "#"))).toEqual([]);

	const decisionPath = `/projects/${owner.projectId}/decisions/${id}`;
	expect(await owner.must("GET", decisionPath)).toMatchObject({ decision: { status: "pending" } });
	await press("Shall we publish?");
	await eventually("the card says how it ended", () => JSON.stringify(findMessage("Shall we publish?")).includes("via Slack"));
	expect(await owner.must("GET", decisionPath)).toMatchObject({ decision: { status: "decided", closed_via: "slack" } });

	await page.getByRole("button", { name: "Open AgentPlanner" }).click();
	await page.getByRole("link", { name: "Settings" }).click();
	await page.getByRole("link", { name: "Account" }).click();
	await page.getByRole("button", { name: "Unlink grace on Slack" }).click();
	await page.getByRole("dialog").getByRole("button", { name: "Unlink" }).click();
	await page.getByText("No account linked").waitFor();
	expect(await linkedOf()).toEqual([]);
	await askOnSlack("And tomorrow?");
	expect(await pressForLink("And tomorrow?")).toContain("/link-account#");
});

test("nobody but a member links, and nobody without saying so; a broken link says what to do", async () => {
	await askOnSlack("Shall we stop?");
	const link = await pressForLink("Shall we stop?");
	const { login, person } = await join(product.url, owner, { email: "eve@example.org", name: "Eve", role: "viewer" });
	const { user } = await person.must<{ user: { id: string } }>("GET", "/auth/session");
	await owner.must("DELETE", `/projects/${owner.projectId}/members/${user.id}`);
	await page.goto(link);
	await signInHere(login);
	await page.getByText("You are no member of the project that this link came from").waitFor();
	await page.getByRole("button", { name: "Sign in as somebody else" }).click();
	await signInHere(product.login);
	await page.getByRole("heading", { name: "Are you grace on Slack?" }).waitFor();
	await page.getByRole("button", { name: "Cancel" }).click();
	await page.getByRole("tree", { name: "Launch the spring release" }).waitFor();
	expect(await linkedOf()).toEqual([]);

	await page.goto(`${link.slice(0, -4)}`);
	await page.getByText("This link is not whole, or not one of ours.").waitFor();
	const empty = await openPage(context, "link-account-empty");
	await empty.goto(`${product.url}/link-account`);
	await empty.getByText("This link is not whole").waitFor();
});
