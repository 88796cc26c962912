import type { Page } from "playwright-core";
import type { Product } from "./product.ts";

/** Fills in the form that stands wherever one must sign in. */
export const fillSignIn = async (page: Page, { email, password }: Product["login"]): Promise<void> => {
	await page.getByLabel("E-mail").fill(email);
	await page.getByRole("textbox", { name: "Password" }).fill(password);
	await page.getByRole("button", { name: "Sign in", exact: true }).click();
};

/** Signs in by the form and waits for the demo's plan. */
export const signInOn = async (page: Page, product: Pick<Product, "url" | "login">): Promise<void> => {
	await page.goto(product.url);
	await fillSignIn(page, product.login);
	await page.getByRole("tree", { name: "Launch the spring release" }).waitFor();
};

/** Shown and at rest: data read, nothing fading. */
export const settle = async (page: Page): Promise<void> => {
	await page.locator("h1").first().waitFor({ state: "attached" });
	await page.waitForFunction(() => document.querySelector('[aria-label="Loading"], [aria-busy="true"]') === null);
	// A dialog stands there for a moment before its fading in begins.
	await page.waitForFunction(() =>
		[...document.querySelectorAll('[role="dialog"]')].every((dialog) => getComputedStyle(dialog).opacity === "1"),
	);
	await page.waitForFunction(() => document.getAnimations().every((animation) => animation.effect?.getTiming().iterations !== 1));
};

/** By the keyboard, from the plan's second row down. */
export const selectNodes = async (page: Page, count: number): Promise<void> => {
	await page.getByRole("treeitem").nth(1).focus();
	await page.keyboard.press("x");
	for (let more = 1; more < count; more += 1) await page.keyboard.press("Shift+ArrowDown");
	await page.getByRole("toolbar", { name: "The selected nodes" }).waitFor();
};
