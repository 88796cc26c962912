import type { Browser, Page } from "playwright-core";
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

/** The operations that one sees who scrolls to the end: a list this long is drawn only where it is looked at. */
const listed = async (page: Page): Promise<Set<string>> => {
	const seen = new Set<string>();
	for (let isAtEnd = false; !isAtEnd; ) {
		for (const id of await page.locator(".opblock").evaluateAll((blocks) => blocks.map((block) => block.id))) seen.add(id);
		isAtEnd = await page.evaluate(async () => {
			const before = window.scrollY;
			window.scrollBy(0, window.innerHeight / 2);
			await new Promise((drawn) => setTimeout(drawn, 150));
			return window.scrollY === before;
		});
	}
	return seen;
};

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
	await page.locator(".opblock").first().waitFor();
	expect((await listed(page)).size).toBe(operations.length);
	expect(await page.evaluate(() => window.document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);

	await page.getByPlaceholder("Filter by tag").fill("requests");
	await page.getByText("Ask Agent: record a request and deliver it").click();
	const opened = page.locator(".opblock.is-open");
	await opened.getByText("Idempotency-Key", { exact: false }).first().waitFor();
	for (const status of ["202", "400", "409", "422", "503"]) await opened.locator(`tr[data-code="${status}"]`).first().waitFor();
	expect(complaints).toEqual([]);
	expect(strangers).toEqual([]);
	await context.close();
});
