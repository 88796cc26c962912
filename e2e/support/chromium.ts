import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const flags = [
	"--headless",
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];

const findChromium = (): string => {
	const { CHROMIUM_PATH, PATH = "" } = process.env;
	const candidates = CHROMIUM_PATH ? [CHROMIUM_PATH] : PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
	const found = candidates.find((file) => existsSync(file));
	if (found) return found;
	throw new Error(
		CHROMIUM_PATH
			? `CHROMIUM_PATH names ${CHROMIUM_PATH}, which does not exist.`
			: 'The browser tests need Chromium: install it ("apt-get install chromium", or Google Chrome) or name it in CHROMIUM_PATH.',
	);
};

export const openChromium = (): Promise<Browser> => chromium.launch({ executablePath: findChromium(), args: flags, timeout: 60_000 });
