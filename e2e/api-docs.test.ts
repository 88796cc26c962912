import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openChromium } from "./support/chromium.ts";
import { type Product, startProduct } from "./support/product.ts";

let product: Product;
let browser: Browser;
beforeAll(async () => {
	browser = await openChromium();
	product = await startProduct();
}, 180_000);
afterAll(async () => {
	await browser?.close();
	await product?.[Symbol.asyncDispose]();
});

type Document = { paths: Record<string, Record<string, { summary: string }>>; tags: { name: string }[] };

test.each([
	["light", 1280],
	["dark", 390],
] as const)("the API reference lists every operation, in %s and %i pixels wide, and talks to nobody else", async (colorScheme, width) => {
	const document = (await (await fetch(`${product.url}/api/openapi.json`)).json()) as Document;
	const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
	const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
	const page = await context.newPage();
	const complaints: string[] = [];
	const strangers: string[] = [];
	page.on("pageerror", (error) => complaints.push(error.message));
	page.on("console", (message) => {
		if (["error", "warning"].includes(message.type())) complaints.push(message.text());
	});
	page.on("request", (request) => {
		if (/^https?:/.test(request.url()) && !request.url().startsWith(product.url)) strangers.push(request.url());
	});
	await page.goto(`${product.url}/api/docs`);
	await page.getByText("Ask Agent: record a request and deliver it").waitFor();
	expect(await page.locator(".opblock").count()).toBe(operations.length);
	expect(await page.evaluate(() => window.document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);

	await page.getByText("Ask Agent: record a request and deliver it").click();
	const opened = page.locator(".opblock.is-open");
	await opened.getByText("Idempotency-Key", { exact: false }).first().waitFor();
	for (const status of ["202", "400", "409", "422", "503"]) await opened.locator(`tr[data-code="${status}"]`).first().waitFor();
	expect(complaints).toEqual([]);
	expect(strangers).toEqual([]);
	await context.close();
});
