import { AdapterError } from "@agentplanner/contracts";
import { defineAdapter } from "../define-adapter.ts";
import { SlackSecrets, SlackSettings, signingSecrets } from "./config.ts";
import { parseSlack } from "./parse.ts";
import { setup } from "./setup.ts";
import { signatureProblem } from "./signature.ts";

/** A Slack app of the project's own: asks in channels, hears answers in threads and from its Reply button. */
export const slack = defineAdapter({
	id: "slack",
	label: "Slack",
	settings: SlackSettings,
	secrets: SlackSecrets,
	address: { label: "Channel ID", description: "At the end of the channel's details in Slack, such as C0123456789." },
	urls: ({ api_url }) => (api_url === undefined ? [] : [{ field: "api_url", url: api_url }]),
	externalAccount: ({ app_id }) => app_id,
	setup,
	redelivery: "ask",
	listens: ({ secrets }) => secrets.app_token !== undefined,
	// The library comes along where something is sent, and not where answers are only read.
	open: async (config, context) => (await import("./connection.ts")).openSlack(config, context),
	verify({ headers, rawBody }, { secrets }, now) {
		const known = signingSecrets(secrets);
		const problem = known.length === 0 ? "no signing secret is entered" : signatureProblem(headers, rawBody, known, now);
		if (!problem) return;
		throw new AdapterError("unauthorized", `Not accepted: ${problem}.`, {
			remedy: "Enter the Signing Secret of this integration's Slack app (Basic Information, App Credentials) with Edit.",
		});
	},
	parse: parseSlack,
});
