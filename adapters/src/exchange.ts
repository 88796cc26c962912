import { createHash } from "node:crypto";
import type { Exchange, GuardedResponse } from "@agentplanner/contracts";
import { type Mask, maskHeaders } from "./mask.ts";

export type SentRequest = { method: string; url: string; headers: Record<string, string>; body: Uint8Array };

const maxShownCharacters = 65_536;

/** Bytes as text that Postgres can store: it refuses NUL and lone surrogates. */
const shown = (bytes: Uint8Array, mask: Mask): string =>
	mask(new TextDecoder().decode(bytes)).replaceAll("\0", "\ufffd").slice(0, maxShownCharacters).toWellFormed();

/** What an attempt's record keeps of the wire, with every secret masked; `body` as people can read it, null where the delivery keeps it. */
export const recordExchange = (
	request: SentRequest,
	response: GuardedResponse | null,
	mask: Mask,
	body: Uint8Array | null = request.body,
): Exchange => ({
	request: {
		method: request.method,
		url: mask(request.url),
		headers: maskHeaders(request.headers, mask),
		body: body && shown(body, mask),
		bytes: request.body.length,
		sha256: createHash("sha256").update(request.body).digest("hex"),
	},
	...(response && {
		response: {
			status: response.status,
			headers: maskHeaders(response.headers, mask),
			body: shown(response.body, mask),
			truncated: response.truncated,
		},
	}),
});
