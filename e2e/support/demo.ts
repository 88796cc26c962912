import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { openChromium } from "./chromium.ts";
import { openPage } from "./open-page.ts";
import { type Person, signIn } from "./person.ts";
import { type Product, startProduct } from "./product.ts";
import { signInOn } from "./visit.ts";

export type Demo = Pick<Product, "url" | "login"> & {
	/** Its owner, signed in to the API. */
	owner: Person;
	/** A window where nobody is signed in; it closes with its test. */
	openWindow(options?: BrowserContextOptions): Promise<BrowserContext>;
	/** A page in a window of its own where the owner is signed in; `refusals` as of `openPage`. */
	enter(name: string, refusals?: number[], options?: BrowserContextOptions): Promise<Page>;
};

const desktop = { viewport: { width: 1280, height: 900 } };

/** The product with its demo and a browser, started for the tests of a file and gone after them. */
export const useDemo = (): Demo => {
	const own = new AsyncDisposableStack();
	let product: Product;
	let browser: Browser;
	let owner: Person;
	beforeAll(async () => {
		browser = own.adopt(await openChromium(), (opened) => opened.close());
		product = own.use(await startProduct());
		owner = await signIn(product.url, product.login);
	}, 180_000);
	afterAll(() => own.disposeAsync());

	const openWindow = async (options: BrowserContextOptions = desktop): Promise<BrowserContext> => {
		const context = await browser.newContext(options);
		onTestFinished(() => context.close());
		return context;
	};
	return {
		get url() {
			return product.url;
		},
		get login() {
			return product.login;
		},
		get owner() {
			return owner;
		},
		openWindow,
		enter: async (name, refusals = [], options = desktop) => {
			const page = await openPage(await openWindow(options), name, refusals);
			await signInOn(page, product);
			return page;
		},
	};
};
