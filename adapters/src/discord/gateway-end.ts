import { AdapterError } from "@agentplanner/contracts";
import type { DiscordSettings } from "./config.ts";

/** What the gateway's closing codes mean: https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes */
export const failureOfEnd = (code: number, { gateway }: DiscordSettings): { failure: AdapterError | null; isSessionOver: boolean } => {
	switch (code) {
		case 4_004:
			return over("unauthorized", "Discord's gateway refused the bot token: it is wrong, or was reset.", {
				remedy: "In Discord's Developer Portal, Bot, press Reset Token and enter the new one here with Edit; then test it.",
			});
		case 4_014:
			return over("unauthorized", "Discord's gateway refused: the bot may not hear what it asks for.", {
				remedy: `In Discord's Developer Portal, Bot, switch on Message Content Intent${gateway === "all" ? "; or set Replies to hear to mentions" : ""}.`,
			});
		case 4_011:
			return over("rejected", "The bot is in more servers than one connection may serve.", {
				remedy: "Make an application for this project alone, and add its bot to the servers that need it.",
			});
		case 4_010:
		case 4_012:
		case 4_013:
			return over("rejected", `Discord's gateway refused the way we speak with it (${code}).`, { remedy: "Report this as a defect." });
		default:
			return { failure: null, isSessionOver: code === 4_007 || code === 4_009 };
	}
};

export const broken = (code: number): AdapterError =>
	new AdapterError("unavailable", `Discord's gateway closed the line (${code}).`, {
		remedy: "Look at https://discordstatus.com; it is tried again by itself.",
	});

export const unstored = (cause: unknown): AdapterError =>
	new AdapterError("unavailable", "What Discord's gateway told could not be stored.", {
		remedy: "Nothing to do: Discord tells it again once the line is taken up again, which happens by itself.",
		cause,
	});

const over = (...failure: ConstructorParameters<typeof AdapterError>) => ({ failure: new AdapterError(...failure), isSessionOver: true });
