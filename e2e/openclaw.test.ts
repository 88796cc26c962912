import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type GatewayDouble, gatewayToken, startGatewayDouble } from "../adapters/tests/openclaw/gateway-double.ts";
import { openChromium } from "./support/chromium.ts";
import { openPage } from "./support/open-page.ts";
import { type Product, startProduct } from "./support/product.ts";
import { settle, signInOn } from "./support/visit.ts";

let product: Product;
let browser: Browser;
let gateway: GatewayDouble;

beforeAll(async () => {
	gateway = await startGatewayDouble();
	browser = await openChromium();
	product = await startProduct();
}, 180_000);

afterAll(async () => {
	await browser?.close();
	await product?.[Symbol.asyncDispose]();
	await gateway?.close();
});

test("a gateway is connected by its form, names what to approve, and passes once it is", async () => {
	const context = await browser.newContext({ viewport: { width: 1280, height: 1000 } });
	onTestFinished(() => context.close());
	const page = await openPage(context, "openclaw", [422]);
	await signInOn(page, product);
	await page.getByRole("link", { name: "Integrations" }).click();
	await settle(page);
	await page.getByRole("button", { name: "Connect a channel" }).first().click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("radio", { name: "OpenClaw" }).click();
	await dialog.getByRole("button", { name: "Continue" }).click();
	await dialog.getByText("openclaw gateway auth-token --show").waitFor();
	await dialog.getByRole("button", { name: "Continue" }).click();
	await dialog.getByRole("textbox", { name: "Gateway URL" }).fill("claw.example.org");
	await dialog.getByRole("textbox", { name: "Gateway token" }).fill(gatewayToken);
	await dialog.getByRole("button", { name: "Connect", exact: true }).click();
	await dialog.getByText("can't be read", { exact: false }).waitFor();
	gateway.requirePairing("526d34ab-0b9c");
	await dialog.getByRole("textbox", { name: "Gateway URL" }).fill(gateway.url);
	await dialog.getByRole("button", { name: "Connect", exact: true }).click();

	// Its device key is nobody else's business.
	await dialog.getByText("Approve this integration").waitFor();
	expect(await dialog.innerText()).not.toContain("ocdk_");
	await dialog.getByRole("button", { name: "Continue" }).click();
	await dialog.getByRole("button", { name: "Check now" }).click();
	await dialog.getByText("openclaw devices approve 526d34ab-0b9c").waitFor();
	gateway.approve("526d34ab-0b9c");
	await dialog.getByRole("button", { name: "Check now" }).click();
	await dialog.getByText("The check passed").waitFor();
	await dialog.getByRole("button", { name: "Send a test" }).click();
	await dialog.getByRole("list", { name: "The test" }).getByText("Delivered", { exact: true }).first().waitFor();
	expect(gateway.prompts.at(-1)).toContain("A test from AgentPlanner");
	expect(await page.content()).not.toContain(gatewayToken);
});
