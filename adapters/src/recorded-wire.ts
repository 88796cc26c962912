import type { AdapterContext, Exchange, GuardedResponse } from "@agentplanner/contracts";
import { recordExchange, type SentRequest } from "./exchange.ts";
import type { Mask } from "./mask.ts";

/** A page of messages with all that is in them is larger than the usual bound. */
const maxResponseBytes = 2 * 1024 * 1024;

/**
 * What a vendor's library sends one call by: its own wire would leave out the address rules, the bounds and the record. `seen` tells what
 * went over it; `shown` is the body as people can read it.
 */
export const createRecordedWire = ({ fetch }: AdapterContext, mask: Mask, signal: AbortSignal) => {
	const seen: { exchange: Exchange; response: GuardedResponse | null } = { exchange: {}, response: null };
	const send = async (request: SentRequest, shown: Uint8Array = request.body): Promise<Response> => {
		const { url, method, headers, body } = request;
		seen.exchange = recordExchange(request, null, mask, shown);
		const response = await fetch(url, { method, headers, signal, maxResponseBytes, ...(body.length > 0 && { body }) });
		seen.response = response;
		seen.exchange = recordExchange(request, response, mask, shown);
		return new Response(response.body.length > 0 ? new Uint8Array(response.body) : null, response);
	};
	return { send, seen };
};
