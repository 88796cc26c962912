import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { postOfChallenge } from "../adapters/tests/slack/posts.ts";
import { type SlackDouble, startSlackDouble } from "../adapters/tests/slack/slack-double.ts";
import { workspace } from "../adapters/tests/slack/workspace.ts";
import { openChromium } from "./support/chromium.ts";
import { openPage } from "./support/open-page.ts";
import { type Product, startProduct } from "./support/product.ts";
import { settle, signInOn } from "./support/visit.ts";

let product: Product;
let browser: Browser;
let slack: SlackDouble;

beforeAll(async () => {
	slack = await startSlackDouble();
	browser = await openChromium();
	product = await startProduct();
}, 180_000);

afterAll(async () => {
	await browser?.close();
	await product?.[Symbol.asyncDispose]();
	await slack?.close();
});

const openIntegrations = async (): Promise<Page> => {
	const context = await browser.newContext({ viewport: { width: 1280, height: 1000 } });
	onTestFinished(() => context.close());
	const page = await openPage(context, "slack", [422]);
	await signInOn(page, product);
	await page.getByRole("link", { name: "Integrations" }).click();
	await settle(page);
	return page;
};

test("Slack is connected by its form, tested, and says where it takes answers", async () => {
	const page = await openIntegrations();
	await page.getByRole("button", { name: "Connect a channel" }).first().click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("combobox", { name: "Kind of channel" }).click();
	await page.getByRole("option", { name: "Slack" }).click();
	// What nothing works without is asked for at once; the rest is folded away.
	expect(await dialog.getByLabel("Previous signing secret").first().isVisible()).toBe(false);
	await dialog.getByRole("textbox", { name: "App ID" }).fill("T0TEAM");
	await dialog.getByRole("textbox", { name: "Bot token" }).fill("xoxp-1234567890-person");
	await dialog.getByRole("button", { name: "Connect", exact: true }).click();
	await dialog.getByText("must be the app's id, such as A0123456789").waitFor();
	await dialog.getByText("must be the Bot User OAuth Token, which begins with xoxb-").waitFor();
	await dialog.getByText("Signing secret must be given").waitFor();

	await dialog.getByRole("textbox", { name: "App ID" }).fill(workspace.appId);
	await dialog.getByRole("textbox", { name: "Bot token" }).fill(workspace.token);
	await dialog.getByRole("textbox", { name: "Signing secret", exact: true }).fill(workspace.signingSecret);
	await dialog.getByText("More settings and secrets").click();
	await dialog.getByRole("textbox", { name: "API address" }).fill(slack.url);
	await dialog.getByRole("button", { name: "Connect", exact: true }).click();
	await dialog.waitFor({ state: "hidden" });

	const address = page.locator(".copy-value code").filter({ hasText: "/ingress/slack/" });
	const url = await address.innerText();
	const challenge = postOfChallenge("from-slack");
	const answer = await fetch(url, { method: "POST", ...challenge });
	expect(await answer.json()).toEqual({ challenge: "from-slack" });
	expect(await page.content()).not.toContain(workspace.token);

	slack.grant(["chat:write"]);
	await page.getByRole("button", { name: "Test now" }).click();
	await page.getByText("channels:history to read answers in public channels").waitFor();
	slack.grant();
	await page.getByRole("button", { name: "Test now" }).click();
	await page.getByText("channels:history to read answers in public channels").waitFor({ state: "detached" });
	await page.getByText("Passed", { exact: false }).first().waitFor();
});
