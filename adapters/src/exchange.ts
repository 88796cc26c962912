import type { Exchange, GuardedResponse } from "@agentplanner/contracts";
import { maskHeaders, maskText } from "./mask.ts";

type SentRequest = { method: string; url: string; headers: Record<string, string>; body: Uint8Array };

const maxShownCharacters = 65_536;

/** Bytes as text that Postgres can store: it refuses NUL and lone surrogates. */
const shown = (bytes: Uint8Array, secrets: readonly string[]): string =>
	maskText(new TextDecoder().decode(bytes), secrets).replaceAll("\0", "\ufffd").slice(0, maxShownCharacters).toWellFormed();

/** What an attempt's record keeps of the wire, with every secret masked. */
export const recordExchange = (request: SentRequest, response: GuardedResponse | null, secrets: readonly string[]): Exchange => ({
	request: {
		method: request.method,
		url: maskText(request.url, secrets),
		headers: maskHeaders(request.headers, secrets),
		body: shown(request.body, secrets),
	},
	...(response && {
		response: {
			status: response.status,
			headers: maskHeaders(response.headers, secrets),
			body: shown(response.body, secrets),
			truncated: response.truncated,
		},
	}),
});
