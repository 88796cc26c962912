import { z } from "zod";
import { urlSetting } from "../url-setting.ts";

/** Discord's ids: https://docs.discord.com/developers/reference#snowflakes */
export const snowflake = /^\d{17,20}$/;
const snowflakes = /^\s*\d{17,20}(\s*,\s*\d{17,20})*\s*$/;

export const DiscordSettings = z.strictObject({
	application_id: z
		.string("must be given")
		.regex(snowflake, "must be the application's id, 17 to 20 digits")
		.meta({ title: "Application ID", description: "Of the Discord application you made for this project: General Information." }),
	public_key: z
		.string("must be given")
		.regex(/^[0-9a-fA-F]{64}$/, "must be the 64 hexadecimal digits that Discord shows")
		.meta({
			title: "Public key",
			description: "General Information, below the Application ID. It proves that a press of a button comes from Discord.",
		}),
	gateway: z.enum(["off", "mentions", "all"]).default("off").meta({
		title: "Replies to hear",
		description:
			"off: what people send with the buttons. mentions: also messages that reply to a question and ping the bot. all: every reply, also in threads; needs the Message Content Intent.",
	}),
	allowed_bots: z
		.string()
		.max(1_000)
		.regex(snowflakes, "must be ids of bots with commas between, such as 123456789012345678, 234567890123456789")
		.optional()
		.meta({
			title: "Bots whose replies count",
			description: "Ids of other bots, such as AI agents, whose replies are answers. Others are ignored; people always count.",
		}),
	api_url: urlSetting(500).optional().meta({
		title: "API address",
		description: "Only where calls go through a proxy for Discord's API: its address, ending in /api",
		format: "uri",
	}),
});
export type DiscordSettings = z.infer<typeof DiscordSettings>;

export const DiscordSecrets = z.strictObject({
	bot_token: z
		.string("must be given")
		.regex(/^[\w-]{20,40}\.[\w-]{5,10}\.[\w-]{25,60}$/, "must be the bot's token, three parts with dots between")
		.meta({ title: "Bot token", description: "Bot, Reset Token. Discord shows it only once." }),
});
export type DiscordSecrets = z.infer<typeof DiscordSecrets>;

export const apiUrlOf = ({ api_url }: DiscordSettings): string => (api_url ?? "https://discord.com/api").replace(/\/+$/, "");

export const allowedBots = ({ allowed_bots }: DiscordSettings): string[] => allowed_bots?.split(",").map((id) => id.trim()) ?? [];
