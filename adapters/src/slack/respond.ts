import { type AdapterContext, AdapterError, type Config, type Whisper } from "@agentplanner/contracts";
import { z } from "zod";
import { FetchError } from "../fetch-error.ts";
import { createMask } from "../mask.ts";
import { createRecordedWire } from "../recorded-wire.ts";
import { apiUrlOf, type SlackSecrets, type SlackSettings } from "./config.ts";
import { unreached } from "./outcome.ts";
import { whisperCard } from "./whisper.ts";

/** Whoever wrote a command, which can be done where the app is not in the channel, and nothing can be posted. Good for half an hour. */
export const CommandEar = z.object({ response_url: z.url() });
export type CommandEar = z.infer<typeof CommandEar>;

/** Slack's own: next to its API. */
const isSlacks = (url: URL, settings: SlackSettings): boolean => {
	const { protocol, host } = new URL(apiUrlOf(settings));
	return url.protocol === protocol && [host, `hooks.${host}`].includes(url.host);
};

/** Answers a command, for the one person alone. Throws AdapterError. https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
export const respond = async (
	{ settings, secrets }: Config<SlackSettings, SlackSecrets>,
	context: AdapterContext,
	{ response_url: url }: CommandEar,
	whisper: Whisper,
	signal: AbortSignal,
): Promise<void> => {
	const target = new URL(url);
	if (!isSlacks(target, settings))
		throw new AdapterError("rejected", `Not answered: ${target.host.slice(0, 100)} is none of Slack's addresses.`, {
			remedy: "Check the API address of the integration.",
		});
	const mask = createMask([target.pathname, ...Object.values(secrets).filter((secret) => secret !== undefined)]);
	const { send, seen } = createRecordedWire(context, mask, signal);
	const body = new TextEncoder().encode(JSON.stringify({ response_type: "ephemeral", ...whisperCard(whisper) }));
	try {
		const { status } = await send({ method: "POST", url, headers: { "content-type": "application/json" }, body });
		if (status !== 200)
			throw new AdapterError("rejected", `Slack answered ${status}: the answer to a command was not shown.`, {
				remedy: "Nothing to do: whoever wrote it can write it again.",
				exchange: seen.exchange,
			});
	} catch (error) {
		throw error instanceof FetchError ? unreached(error, seen.exchange) : error;
	}
};
