import type { AdapterContext, GuardedResponse, MessageContent } from "@agentplanner/contracts";
import { buildMessage, requestContent } from "../../fixtures/messages.ts";
import { createGuardedConnect } from "../../src/guarded-connect.ts";
import { webhook } from "../../src/webhook/index.ts";
import { createSigningSecret } from "../../src/webhook/sign.ts";
import { composing } from "../composing.ts";

export const signingSecret = createSigningSecret();
export const now = new Date();
export const connect = createGuardedConnect({ allowedNetworks: [] });
type Sent = { url: string; headers: Record<string, string>; body: Uint8Array; signal: AbortSignal };

/** A connection over a scripted wire; the real one is under test in the contract suite. */
export const wired = async (
	response: Partial<GuardedResponse> & { text?: string } = {},
	config: { settings?: object; secrets?: object } = {},
) => {
	const sent: Sent[] = [];
	const context: AdapterContext = {
		fetch: async (url, init) => {
			sent.push({ url, headers: init.headers, body: init.body ?? new Uint8Array(), signal: init.signal });
			const { text = "", ...rest } = response;
			return { status: 200, headers: {}, body: new TextEncoder().encode(text), truncated: false, ...rest };
		},
		connect,
		log: { info: () => {}, warn: () => {} },
		now: () => now,
	};
	const connection = composing(
		await webhook.open(
			{
				settings: webhook.settings.parse({ url: "https://agent.example.com/hook", ...config.settings }),
				secrets: webhook.secrets.parse({ signing_secret: signingSecret, ...config.secrets }),
			},
			context,
		),
	);
	const send = (content: MessageContent = requestContent) => connection.send(buildMessage(content), new AbortController().signal);
	return { connection, send, sent };
};
export const payload = (sent: Sent | undefined) => JSON.parse(new TextDecoder().decode(sent?.body));
