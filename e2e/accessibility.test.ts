import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openChromium } from "./support/chromium.ts";
import { buildDemoStates, type DemoStates } from "./support/demo-states.ts";
import { openPage } from "./support/open-page.ts";
import { signIn } from "./support/person.ts";
import { type Product, startProduct } from "./support/product.ts";
import { selectNodes, settle, signInOn } from "./support/visit.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// Good practice that is no part of WCAG, where we know better: a Mantine dialog has a header element of its own, which counts as a
// second banner beside the phone's bar; and on a phone a task's panel covers its plan, heading and all.
const known = ["landmark-no-duplicate-banner", "landmark-unique", "page-has-heading-one"];
const rules = Object.fromEntries(known.map((rule) => [rule, { enabled: false }]));

let product: Product;
let browser: Browser;
let states: DemoStates;

beforeAll(async () => {
	browser = await openChromium();
	product = await startProduct();
	states = await buildDemoStates(product.url, await signIn(product.url, product.login));
}, 180_000);

afterAll(async () => {
	await states?.close();
	await browser?.close();
	await product?.[Symbol.asyncDispose]();
});

/** What breaks WCAG 2.2 AA on the page as it stands, each as a line. */
const violationsOf = async (page: Page): Promise<string[]> => {
	await page.evaluate(axe);
	const { violations } = await page.evaluate(
		(options) => (globalThis as unknown as { axe: { run(options: unknown): Promise<AxeResults> } }).axe.run(options),
		{ runOnly: tags, rules },
	);
	// A row of the tree is called by its title; the badges beside it are no part of that label.
	const isTreeRow = (id: string, html: string) => id === "label-content-name-mismatch" && html.includes('role="treeitem"');
	return violations.flatMap(({ id, nodes }) =>
		nodes.filter(({ html }) => !isTreeRow(id, html)).map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`),
	);
};

/** Nothing is wider than the window: on a phone no page scrolls sideways. */
const overflowOf = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

test.each([
	["light", 1280, 800],
	["dark", 1280, 800],
	["light", 390, 844],
] as const)("every screen is free of barriers: %s, %i px wide", async (colorScheme, width, height) => {
	const context = await browser.newContext({ colorScheme, viewport: { width, height }, reducedMotion: "reduce" });
	onTestFinished(() => context.close());
	const page = await openPage(context, `accessibility-${colorScheme}-${width}`);
	await page.goto(product.url);
	await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
	const found: Record<string, string[]> = { "sign-in": await violationsOf(page) };
	await signInOn(page, product);
	for (const [name, path] of Object.entries(states.paths)) {
		await page.goto(`${product.url}${path}`);
		await settle(page);
		found[name] = await violationsOf(page);
		expect(await overflowOf(page), `${name} is wider than the window`).toBeLessThanOrEqual(0);
	}
	for (const [name, open] of Object.entries(dialogs)) {
		await page.goto(`${product.url}${states.paths[open.path]}`);
		await settle(page);
		await page.getByRole("button", { name: open.button }).first().click();
		if (open.item !== undefined) await page.getByRole("menuitem", { name: open.item }).click();
		await page.getByRole("dialog").waitFor();
		await settle(page);
		found[name] = await violationsOf(page);
	}
	await page.goto(`${product.url}${states.paths.plan}`);
	await settle(page);
	await selectNodes(page, 3);
	found["selected nodes"] = await violationsOf(page);
	expect(await overflowOf(page), "the selection is wider than the window").toBeLessThanOrEqual(0);
	await page.getByRole("toolbar").getByRole("button", { name: "Status" }).click();
	await page.getByRole("menuitem", { name: "In progress" }).click();
	await page.getByRole("group", { name: "Last change" }).waitFor();
	await settle(page);
	found["after a change"] = await violationsOf(page);
	await page.getByRole("button", { name: "Undo" }).click();
	await page.getByText("Undone:").first().waitFor();
	await walkWizard(page, `${product.url}${states.paths.integrations}`, async (name) => {
		found[`wizard: ${name}`] = await violationsOf(page);
		expect(await overflowOf(page), `${name} is wider than the window`).toBeLessThanOrEqual(0);
	});
	expect(Object.fromEntries(Object.entries(found).filter(([, violations]) => violations.length > 0))).toEqual({});
});

const dialogs: Record<string, { path: string; button: string; item?: string }> = {
	"share a plan": { path: "plan", button: "More for Launch the spring release", item: "Share…" },
	"duplicate a plan": { path: "plans", button: "More for Launch the spring release", item: "Duplicate…" },
	"request a decision": { path: "decisions", button: "Request a decision" },
	"new goal": { path: "goals", button: "New goal" },
	"link a goal": { path: "goal", button: "Link a plan or task" },
	"send again": { path: "dead-letters", button: "Send all again…" },
	"discard dead letters": { path: "dead-letters", button: "Discard…" },
	"what was sent": { path: "failed", button: "What was sent" },
	"edit and send again": { path: "failed", button: "Edit…" },
	"new token": { path: "tokens", button: "New token" },
	"revoke token": { path: "tokens", button: "Revoke Nightly questions" },
	invite: { path: "members", button: "Invite" },
	"new agent": { path: "agents", button: "New agent" },
	"connect a channel": { path: "integrations", button: "Connect a channel" },
};

/** Connects a webhook as the wizard leads, and opens what is folded in its panel. */
const walkWizard = async (page: Page, url: string, look: (name: string) => Promise<void>): Promise<void> => {
	await page.goto(url);
	await settle(page);
	await page.getByRole("button", { name: "Connect a channel" }).first().click();
	const dialog = page.getByRole("dialog");
	const press = (name: string) => dialog.getByRole("button", { name, exact: true }).click();
	await press("Continue");
	await dialog.getByText("Prepare it there").waitFor();
	await look("prepare");
	await press("Continue");
	const name = `Walked ${randomUUID().slice(-6)}`;
	await dialog.getByRole("textbox", { name: "Name" }).fill(name);
	await look("connect");
	await dialog.getByRole("textbox", { name: "URL" }).fill("https://agent.example.org/");
	await press("Connect");
	await dialog.getByText("It is shown only this once").waitFor();
	await look("finish");
	await press("I have copied it");
	await press("Check now");
	await dialog.locator(".notice").first().waitFor();
	await press("Send a test");
	await dialog.getByRole("list", { name: "The test" }).waitFor();
	await settle(page);
	await look("try");
	await press("Done");
	await dialog.waitFor({ state: "hidden" });
	for (const folded of ["What to set up on the other side", "Send a message"]) await page.getByText(folded).click();
	await page.getByRole("list", { name: "Last messages" }).waitFor();
	await settle(page);
	await look("panel");
};
