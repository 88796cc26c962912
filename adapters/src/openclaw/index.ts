import { defineAdapter } from "../define-adapter.ts";
import { asHttpUrl } from "../target-url.ts";
import { OpenClawSecrets, OpenClawSettings } from "./config.ts";
import { openOpenClaw } from "./connection.ts";
import { createDeviceKey } from "./device.ts";
import { setup } from "./setup.ts";

/** The agents of an OpenClaw gateway: asked over its WebSocket, one session per request; what they answer is fetched. */
export const openclaw = defineAdapter({
	id: "openclaw",
	label: "OpenClaw",
	settings: OpenClawSettings,
	secrets: OpenClawSecrets,
	address: { label: "Agent ID", description: "Whom to ask, such as main; the agent of the settings if left out.", optional: true },
	createSecrets: () => ({ device_key: createDeviceKey() }),
	keepsSecrets: true,
	urls: ({ url }) => [{ field: "url", url: asHttpUrl(url) }],
	// One gateway has many agents, for many projects.
	externalAccount: () => null,
	setup,
	// The gateway drops a second copy by its key, as long as it lives.
	redelivery: "safe",
	open: async (config, context) => openOpenClaw(config, context),
});
