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
	await dialog.getByRole("combobox", { name: "Kind of channel" }).click();
	await page.getByRole("option", { name: "OpenClaw" }).click();
	await dialog.getByRole("textbox", { name: "Gateway URL" }).fill("claw.example.org");
	await dialog.getByRole("textbox", { name: "Gateway token" }).fill(gatewayToken);
	await dialog.getByRole("button", { name: "Connect", exact: true }).click();
	await dialog.getByText("write it like", { exact: false }).waitFor();

	gateway.requirePairing("526d34ab-0b9c");
	await dialog.getByRole("textbox", { name: "Gateway URL" }).fill(gateway.url);
	await dialog.getByRole("button", { name: "Connect", exact: true }).click();
	await dialog.waitFor({ state: "hidden" });
	await page.getByRole("button", { name: "Test now" }).click();
	await page.getByText("openclaw devices approve 526d34ab-0b9c").first().waitFor();
	expect(await page.content()).not.toContain(gatewayToken);

	gateway.approve("526d34ab-0b9c");
	await page.getByRole("button", { name: "Test now" }).click();
	await page.getByText("openclaw devices approve 526d34ab-0b9c").first().waitFor({ state: "detached" });
	await page.getByText("Passed", { exact: false }).first().waitFor();
});
