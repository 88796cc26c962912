import type { AdapterError, Parsed } from "@agentplanner/contracts";
import { z } from "zod";
import { problemOf } from "../problem-of.ts";
import type { CommandEar } from "./respond.ts";

/** The one command that the manifest declares. */
export const commandName = "/planner";

/** https://docs.slack.dev/interactivity/implementing-slash-commands */
const Command = z.object({
	api_app_id: z.string(),
	command: z.string(),
	text: z.string().default(""),
	user_id: z.string(),
	user_name: z.string().optional(),
	channel_id: z.string(),
	trigger_id: z.string(),
	response_url: z.string(),
});

/** What somebody wrote after the command; Slack shows them nothing until their answer is there. */
export const parseCommand = (payload: unknown, refusal: (message: string) => AdapterError): Parsed & { appId: string } => {
	const parsed = Command.safeParse(payload);
	if (!parsed.success) throw refusal(problemOf(parsed.error, "command"));
	const { api_app_id: appId, command, text, user_id, user_name = user_id, channel_id, trigger_id, response_url } = parsed.data;
	const reply = { status: 200, body: null };
	if (command !== commandName) return { appId, inbound: [], reply };
	const ear: CommandEar = { response_url };
	// Each time it is written it has a trigger of its own.
	const externalId = `command:${trigger_id}`;
	const person = { id: user_id, name: user_name };
	return { appId, inbound: [{ type: "command", externalId, words: text, address: channel_id, person, ear }], reply };
};
