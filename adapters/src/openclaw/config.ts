import { z } from "zod";
import { asHttpUrl, urlProblem } from "../target-url.ts";
import { urlSetting } from "../url-setting.ts";
import { deviceKeyProblem } from "./device.ts";

/** As the gateway takes and lower-cases them. */
export const agentId = /^[a-z0-9][a-z0-9_-]{0,63}$/i;

const gatewayProblem = (url: string): string | null =>
	urlProblem(asHttpUrl(url))?.replace("https:// or http://", "wss://, ws://, https:// or http://") ?? null;

export const OpenClawSettings = z.strictObject({
	url: urlSetting(500, gatewayProblem).meta({
		title: "Gateway URL",
		description: "Where the gateway listens, such as wss://claw.example.org or ws://192.168.1.20:18789.",
	}),
	agent: z
		.string()
		.regex(agentId, "must be an agent's id, such as main")
		.optional()
		.meta({ title: "Agent", description: "Whom routes without an address mean; main if left out." }),
});
export type OpenClawSettings = z.infer<typeof OpenClawSettings>;

export const OpenClawSecrets = z.strictObject({
	token: z
		.string("must be given")
		.min(8, "must have at least 8 characters")
		.max(1_000)
		.regex(/^[\x21-\x7e]+$/, "must be one word of ASCII characters")
		.meta({ title: "Gateway token", description: "gateway.auth.token of the gateway's configuration, or a device token." }),
	device_key: z
		.string()
		.superRefine((key, context) => {
			const problem = deviceKeyProblem(key);
			if (problem) context.addIssue({ code: "custom", message: problem });
		})
		.meta({
			title: "Device key",
			description: "Made for you when left out. The gateway knows this integration by it, once it is approved there.",
		}),
});
export type OpenClawSecrets = z.infer<typeof OpenClawSecrets>;

/** The agent that an address means. */
export const agentOf = (address: string, { agent = "main" }: OpenClawSettings): string =>
	(address.trim() === "" ? agent : address.trim()).toLowerCase();
