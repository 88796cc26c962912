import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { openRunFolder } from "../scripts/testing/run-folder.ts";
import { openChromium } from "./support/chromium.ts";
import { buildDemoStates } from "./support/demo-states.ts";
import { type Person, signIn } from "./support/person.ts";
import { type Product, startProduct } from "./support/product.ts";
import { root } from "./support/root.ts";
import { selectNodes, settle, signInOn } from "./support/visit.ts";

/*
 * Pictures of every screen, taken from the product as it starts for everybody, with the demo's data and a request in every state.
 * `npm run screenshots` writes them into docs/screens/; names stay the same from one run to the next.
 */

const folder = join(root, "docs", "screens");
const looks = [
	{ suffix: "", colorScheme: "light", width: 1280, height: 800 },
	{ suffix: "-dark", colorScheme: "dark", width: 1280, height: 800 },
	{ suffix: "-phone", colorScheme: "light", width: 390, height: 844 },
] as const;

const openDialog = async (page: Page, button: string) => {
	await page.getByRole("button", { name: button, exact: true }).first().click();
	await page.getByRole("dialog").waitFor();
	await settle(page);
};

/** So that the next look finds the list as this one did. */
const revoke = async (owner: Person, name: string) => {
	const tokens = `/projects/${owner.projectId}/tokens`;
	const { items } = await owner.must<{ items: { id: string; name: string; revoked_at: string | null }[] }>("GET", tokens);
	for (const token of items) if (token.name === name && token.revoked_at === null) await owner.must("DELETE", `${tokens}/${token.id}`);
};

const takeAll = async (browser: Browser, { url, login }: Product, owner: Person, paths: Record<string, string>) => {
	for (const { suffix, colorScheme, width, height } of looks) {
		const context = await browser.newContext({ colorScheme, viewport: { width, height }, reducedMotion: "reduce", deviceScaleFactor: 1 });
		const page = await context.newPage();
		const take = (name: string) => page.screenshot({ path: join(folder, `${name}${suffix}.png`), animations: "disabled" });
		await page.goto(url);
		await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
		await take("sign-in");
		await signInOn(page, { url, login });
		for (const [name, path] of Object.entries(paths)) {
			await page.goto(`${url}${path}`);
			await settle(page);
			await take(name);
			if (name === "plan") {
				await selectNodes(page, 3);
				await take("selected");
				await page.keyboard.press("Escape");
				await page.getByRole("button", { name: "More for Launch the spring release" }).click();
				await page.getByRole("menuitem", { name: "Share…" }).click();
				await page.getByRole("dialog").waitFor();
				await settle(page);
				await take("share");
			}
			if (name === "failed") {
				for (const [picture, button] of [
					["sent", "What was sent"],
					["edit-delivery", "Edit…"],
				] as const) {
					await openDialog(page, button);
					await take(picture);
					await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
				}
			}
			if (name !== "tokens") continue;
			await openDialog(page, "New token");
			await take("new-token");
			await page.getByRole("textbox", { name: "Name" }).fill("My first script");
			await page.getByRole("button", { name: "Create token" }).click();
			await page.getByText("It is shown only this once").waitFor();
			await settle(page);
			await take("created-token");
			await revoke(owner, "My first script");
		}
		await context.close();
	}
};

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
await using _ = openRunFolder();
await using product = await startProduct();
const owner = await signIn(product.url, product.login);
const states = await buildDemoStates(product.url, owner);
const browser = await openChromium();
try {
	await takeAll(browser, product, owner, states.paths);
} finally {
	await browser.close();
	await states.close();
}
