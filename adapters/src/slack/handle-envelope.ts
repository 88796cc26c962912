import { type AdapterContext, AdapterError, type Listening, type Parsed } from "@agentplanner/contracts";
import { callNow } from "./call-now.ts";
import type { CallSlack } from "./client.ts";
import type { SlackSettings } from "./config.ts";
import type { Handle } from "./line.ts";
import { readEvent, readInteraction } from "./parse.ts";

const callNowMs = 2_500;

/** What came through a line is stored before Slack gets its yes; the answer to a form goes with it. */
export const createHandle = (
	call: CallSlack,
	settings: SlackSettings,
	{ log }: AdapterContext,
	listening: Pick<Listening, "receive">,
): Handle => {
	const understand = (type: "events_api" | "interactive", payload: unknown): Parsed => {
		try {
			return type === "interactive" ? readInteraction(payload, settings) : readEvent(payload, settings);
		} catch (error) {
			// Said again it would be no clearer.
			if (!(error instanceof AdapterError)) throw error;
			log.warn({ detail: error.message }, "not understood");
			return { inbound: [] };
		}
	};
	return async ({ type, payload }) => {
		const { inbound, reply, now } = understand(type, payload);
		if (inbound.length > 0) await listening.receive(inbound);
		if (now)
			callNow(call, now, AbortSignal.timeout(callNowMs)).catch((error: Error) => log.warn({ detail: error.message }, "no form was opened"));
		return reply?.body;
	};
};
