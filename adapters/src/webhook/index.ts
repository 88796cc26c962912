import { AdapterError, type UrlChannel } from "@agentplanner/contracts";
import { defineAdapter } from "../define-adapter.ts";
import { parseIngress } from "./answer.ts";
import { signingSecrets, WebhookSecrets, WebhookSettings } from "./config.ts";
import { openWebhook } from "./connection.ts";
import { setup } from "./setup.ts";
import { createSigningSecret, signatureProblem } from "./sign.ts";

/** Any HTTP server: signed by the Standard Webhooks rules, answered in the response, at reply_url or at our ingress. */
export const webhook = defineAdapter({
	id: "webhook",
	label: "Webhook",
	settings: WebhookSettings,
	secrets: WebhookSecrets,
	setup,
	createSecrets: () => ({ signing_secret: createSigningSecret() }),
	rotation: { secret: "signing_secret", previous: "previous_signing_secret" },
	takesEvents: true,
	urls: ({ url }) => [{ field: "url", url }],
	externalAccount: () => null,
	// Receivers drop a second copy by webhook-id.
	redelivery: "safe",
	open: async (config, context) => openWebhook(config, context),
	verify(request, { secrets }, now) {
		const problem = signatureProblem(request.headers, request.rawBody, signingSecrets(secrets), now);
		if (!problem) return;
		throw new AdapterError("unauthorized", `Not accepted: ${problem}.`, {
			remedy: "Sign the exact bytes of the body with this integration's signing secret, by the Standard Webhooks rules.",
		});
	},
	parse: (request) => ({ inbound: parseIngress(request.rawBody), reply: { status: 202, body: { accepted: true } } }),
});

/** What a URL alone makes a channel of, with the Authorization header that it may want. */
export const urlChannel: UrlChannel = {
	adapter: webhook,
	configOf: ({ url, authorization }) => ({ settings: { url }, secrets: authorization === undefined ? {} : { authorization } }),
};
