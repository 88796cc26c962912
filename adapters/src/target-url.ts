import { FetchError } from "./fetch-error.ts";

/** What is wrong with a URL that is to be called, to be read behind its name; null when its form is right. */
export const urlProblem = (text: string): string | null => {
	if (!URL.canParse(text)) return "can't be read: write it like https://agent.example.org/hook";
	const url = new URL(text);
	if (url.protocol !== "http:" && url.protocol !== "https:") return "must begin with https:// or http://";
	if (url.username !== "" || url.password !== "") return "must not hold a user name or password";
	return null;
};

/** A WebSocket's URL as that of its handshake, which is judged like any other; others stay as they are. */
export const asHttpUrl = (text: string): string => text.replace(/^ws(?=s?:)/i, "http");

export const parseTarget = (text: string): URL => {
	const problem = urlProblem(text);
	if (problem) throw new FetchError("invalid_url", `the URL ${problem}`);
	return new URL(text);
};

export const portOf = (url: { port: string; protocol: string }): number => Number(url.port) || (url.protocol === "https:" ? 443 : 80);

/** The host as a resolver takes it: IPv6 without its brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, "");
