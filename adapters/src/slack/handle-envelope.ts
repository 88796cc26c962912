import { type AdapterContext, AdapterError, type Listening, type Parsed } from "@agentplanner/contracts";
import { callNow } from "./call-now.ts";
import type { CallSlack } from "./client.ts";
import type { SlackSettings } from "./config.ts";
import type { Envelope, Handle } from "./line.ts";
import { readCommand, readEvent, readInteraction } from "./parse.ts";

const callNowMs = 2_500;

const readers = { events_api: readEvent, interactive: readInteraction, slash_commands: readCommand };

/** What came through a line is stored before Slack gets its yes; the answer to a form goes with it. */
export const createHandle = (
	call: CallSlack,
	settings: SlackSettings,
	{ log }: AdapterContext,
	listening: Pick<Listening, "receive">,
): Handle => {
	const understand = ({ type, payload }: Envelope): Parsed => {
		try {
			return readers[type](payload, settings);
		} catch (error) {
			// Said again it would be no clearer.
			if (!(error instanceof AdapterError)) throw error;
			log.warn({ detail: error.message }, "not understood");
			return { inbound: [] };
		}
	};
	return async (envelope) => {
		const { inbound, reply, now } = understand(envelope);
		if (inbound.length > 0) await listening.receive(inbound);
		if (now)
			callNow(call, now, AbortSignal.timeout(callNowMs)).catch((error: Error) => log.warn({ detail: error.message }, "no form was opened"));
		return reply?.body ?? undefined;
	};
};
