import { AdapterError, type Config, type IngressRequest, type Parsed, type Received } from "@agentplanner/contracts";
import { z } from "zod";
import { parseJson } from "../parse-json.ts";
import { problemOf } from "../problem-of.ts";
import { parseCommand } from "./command.ts";
import type { SlackSecrets, SlackSettings } from "./config.ts";
import { parseInteraction } from "./interaction.ts";
import { answerOf, MessageEvent } from "./message-event.ts";

const Callback = z.object({
	type: z.literal("event_callback"),
	api_app_id: z.string(),
	team_id: z.string(),
	event_id: z.string(),
	event: z.looseObject({ type: z.string() }),
	authorizations: z.array(z.object({ user_id: z.string(), is_bot: z.boolean() })).optional(),
});
const Challenge = z.object({ type: z.literal("url_verification"), challenge: z.string() });
const Revoked = z.object({ tokens: z.object({ bot: z.array(z.string()).optional() }) });

const refusal = (message: string) =>
	new AdapterError("rejected", message, {
		remedy:
			"Check which address is entered under Event Subscriptions, Interactivity and Slash Commands in the settings of this integration's Slack app.",
	});

const assertOurs = (appId: string, settings: SlackSettings): void => {
	if (appId !== settings.app_id) throw refusal(`api_app_id: is ${appId.slice(0, 30)}, this integration is of ${settings.app_id}`);
};

/** What Slack posts to us: events as JSON, interactions and commands as forms. https://docs.slack.dev/apis/events-api */
export const parseSlack = ({ rawBody }: IngressRequest, { settings }: Config<SlackSettings, SlackSecrets>): Parsed => {
	const text = new TextDecoder().decode(rawBody);
	const form = new URLSearchParams(text.startsWith("{") ? "" : text);
	// Every now and then Slack looks whether the address of a command has a certificate still.
	if (form.has("ssl_check")) return { inbound: [] };
	if (form.has("command")) return readCommand(Object.fromEntries(form), settings);
	const interaction = form.get("payload");
	const payload = parseJson(interaction ?? text);
	if (payload === undefined) throw refusal("body: is not JSON");
	return interaction === null ? readEvent(payload, settings) : readInteraction(payload, settings);
};

/** What somebody pressed or sent. */
export const readInteraction = (payload: unknown, settings: SlackSettings): Parsed => {
	const { appId, ...parsed } = parseInteraction(payload, refusal);
	assertOurs(appId, settings);
	return parsed;
};

/** What somebody wrote to us. */
export const readCommand = (payload: unknown, settings: SlackSettings): Parsed => {
	const { appId, ...parsed } = parseCommand(payload, refusal);
	assertOurs(appId, settings);
	return parsed;
};

/** What happened in the workspace. */
export const readEvent = (payload: unknown, settings: SlackSettings): Parsed => {
	const challenge = Challenge.safeParse(payload);
	if (challenge.success) return { inbound: [], reply: { status: 200, body: { challenge: challenge.data.challenge } } };
	const kind = z.object({ type: z.string() }).safeParse(payload);
	if (!kind.success) throw refusal("type: is missing");
	if (kind.data.type !== "event_callback") return { inbound: [] };
	const callback = Callback.safeParse(payload);
	if (!callback.success) throw refusal(problemOf(callback.error));
	assertOurs(callback.data.api_app_id, settings);
	return { inbound: inboundOf(callback.data, settings) };
};

const inboundOf = ({ event, event_id, team_id, authorizations }: z.infer<typeof Callback>, settings: SlackSettings): Received[] => {
	const removed = (reason: string): Received[] => [{ type: "removed", externalId: event_id, reason }];
	switch (event.type) {
		case "message": {
			const message = MessageEvent.safeParse(event);
			const ownUsers = authorizations?.filter(({ is_bot }) => is_bot).map(({ user_id }) => user_id) ?? [];
			return message.success ? answerOf(message.data, team_id, settings, ownUsers) : [];
		}
		case "app_uninstalled":
			return removed("The app was removed from the Slack workspace.");
		case "tokens_revoked": {
			const revoked = Revoked.safeParse(event);
			return revoked.success && (revoked.data.tokens.bot ?? []).length > 0 ? removed("The app's bot token was revoked in Slack.") : [];
		}
		default:
			return [];
	}
};
