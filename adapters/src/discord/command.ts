import { AdapterError, type CheckResult } from "@agentplanner/contracts";
import { type RESTPostAPIChatInputApplicationCommandsJSONBody, Routes } from "discord.js";
import { z } from "zod";
import type { CallDiscord } from "./client.ts";
import { commandName } from "./interaction.ts";

/** In servers and in the conversation with the bot. https://docs.discord.com/developers/interactions/application-commands */
const declaration = {
	type: 1,
	name: commandName,
	description: "Shows you alone what waits for you in AgentPlanner",
	integration_types: [0],
	contexts: [0, 1],
	options: [
		{ type: 1, name: "inbox", description: "Decisions that you may make, and open questions" },
		{ type: 1, name: "help", description: "What this is" },
	],
} satisfies RESTPostAPIChatInputApplicationCommandsJSONBody;

const Known = z.array(
	z.object({
		type: z.int().default(1),
		name: z.string(),
		description: z.string(),
		options: z.array(z.object({ type: z.int(), name: z.string(), description: z.string() })).default([]),
	}),
);
const looksLike = (value: unknown): string => JSON.stringify(Known.parse([value]));

/**
 * Declares the command where Discord doesn't have it as it is now, and leaves other ones of the application as they are. What is wrong with
 * that stops no message.
 */
export const declareCommand = async (call: CallDiscord, applicationId: string, signal: AbortSignal): Promise<CheckResult> => {
	const route = Routes.applicationCommands(applicationId);
	try {
		const { result } = await call({ method: "GET", route, answer: Known, what: "to show its commands" }, signal);
		if (result.some((known) => looksLike(known) === looksLike(declaration))) return [];
		// A command of the same name is replaced.
		await call({ method: "POST", route, body: declaration, answer: z.unknown(), what: "the command" }, signal);
		return [];
	} catch (error) {
		if (!(error instanceof AdapterError)) throw error;
		return [
			{ problem: `Nobody can use /${commandName} in Discord: ${error.message}`, remedy: "Test it again later; all else works without it." },
		];
	}
};
