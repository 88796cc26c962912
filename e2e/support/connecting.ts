import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { openChromium } from "./chromium.ts";
import { openPage } from "./open-page.ts";
import { type Product, startProduct } from "./product.ts";
import { settle, signInOn } from "./visit.ts";

/** A product, a browser and a platform's double for the tests of a file. */
export const useConnecting = <Platform extends { close(): Promise<void> }>(startPlatform: () => Promise<Platform>) => {
	const own = new AsyncDisposableStack();
	let platform: Platform;
	let browser: Browser;
	let product: Product;

	beforeAll(async () => {
		platform = own.adopt(await startPlatform(), (started) => started.close());
		product = own.use(await startProduct());
		browser = own.adopt(await openChromium(), (opened) => opened.close());
	}, 180_000);
	afterAll(() => own.disposeAsync());

	return {
		platform: () => platform,
		/** The wizard that connects a channel, at the step after that channel was chosen. */
		openWizard: async (channel: string): Promise<{ page: Page; dialog: Locator }> => {
			const context = await browser.newContext({ viewport: { width: 1280, height: 1000 } });
			onTestFinished(() => context.close());
			const page = await openPage(context, `connecting-${channel}`, [422]);
			await signInOn(page, product);
			await page.getByRole("link", { name: "Integrations" }).click();
			await settle(page);
			await page.getByRole("button", { name: "Connect a channel" }).first().click();
			const dialog = page.getByRole("dialog");
			await dialog.getByRole("radio", { name: channel }).click();
			await dialog.getByRole("button", { name: "Continue" }).click();
			// Who reads by ear goes on at the top of the new step.
			await page.waitForFunction(() => document.activeElement?.textContent?.startsWith("Step 2"));
			return { page, dialog };
		},
	};
};

/** Sends the wizard's test message, and waits until it is said to have arrived. */
export const sendTest = async (dialog: Locator): Promise<void> => {
	await dialog.getByRole("button", { name: "Send a test" }).click();
	await dialog.getByRole("list", { name: "The test" }).getByText("Delivered", { exact: true }).first().waitFor();
};

/** Leaves the wizard at its end. */
export const finish = async (dialog: Locator): Promise<void> => {
	await dialog.getByRole("button", { name: "Done" }).click();
	await dialog.waitFor({ state: "hidden" });
};
