import { AdapterError, type Config, type IngressRequest, type Parsed } from "@agentplanner/contracts";
import { parseJson } from "../parse-json.ts";
import type { DiscordSecrets, DiscordSettings } from "./config.ts";
import { readInteraction } from "./interaction.ts";

const refusal = (message: string) =>
	new AdapterError("rejected", message, {
		remedy:
			"Check which address is entered as Interactions Endpoint URL under General Information of this integration's Discord application.",
	});

/** What Discord posts to us: what people pressed and sent, to be answered within three seconds. */
export const parseDiscord = ({ rawBody }: IngressRequest, { settings }: Config<DiscordSettings, DiscordSecrets>): Parsed => {
	const payload = parseJson(rawBody);
	if (payload === undefined) throw refusal("body: is not JSON");
	const { inbound, reply } = readInteraction(payload, settings.application_id, refusal);
	return { inbound, reply: { status: 200, body: reply } };
};
