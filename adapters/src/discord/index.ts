import { AdapterError } from "@agentplanner/contracts";
import { defineAdapter } from "../define-adapter.ts";
import { DiscordSecrets, DiscordSettings } from "./config.ts";
import { parseDiscord } from "./parse.ts";
import { setup } from "./setup.ts";
import { signatureProblem } from "./signature.ts";

/** A Discord application of the project's own: asks in channels, hears its buttons, and through the gateway also replies. */
export const discord = defineAdapter({
	id: "discord",
	label: "Discord",
	settings: DiscordSettings,
	secrets: DiscordSecrets,
	address: {
		label: "Channel ID",
		description:
			"Of a channel or thread: with Developer Mode on (User Settings, Advanced), right-click it, Copy Channel ID. Of a person: @ and the id.",
	},
	urls: ({ api_url }) => (api_url === undefined ? [] : [{ field: "api_url", url: api_url }]),
	externalAccount: ({ application_id }) => application_id,
	setup,
	redelivery: "ask",
	listens: ({ settings }) => settings.gateway !== "off",
	// The library takes 55 MB of memory: it comes along where something is sent, and not where answers are only read.
	open: async (config, context) => (await import("./connection.ts")).openDiscord(config, context),
	verify({ headers, rawBody }, { settings }, now) {
		const problem = signatureProblem(headers, rawBody, settings.public_key, now);
		if (!problem) return;
		throw new AdapterError("unauthorized", `Not accepted: ${problem}.`, {
			remedy: "Enter the Public Key of this integration's Discord application (General Information) with Edit.",
		});
	},
	parse: parseDiscord,
});
