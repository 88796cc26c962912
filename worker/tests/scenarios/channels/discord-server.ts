import { setTimeout as sleep } from "node:timers/promises";
import { lacks, type OpenChannel, type Sent, type Shown } from "../channel.ts";

const {
	DISCORD_TEST_APPLICATION_ID,
	DISCORD_TEST_PUBLIC_KEY,
	DISCORD_TEST_BOT_TOKEN,
	DISCORD_TEST_CHANNEL,
	DISCORD_TEST_AGENT_TOKEN,
	DISCORD_TEST_API_URL,
} = process.env;

const isGiven =
	DISCORD_TEST_APPLICATION_ID && DISCORD_TEST_PUBLIC_KEY && DISCORD_TEST_BOT_TOKEN && DISCORD_TEST_CHANNEL && DISCORD_TEST_AGENT_TOKEN;

export const shownOf = (message: unknown): Shown => {
	const text = JSON.stringify(message);
	return { text, open: text.includes("custom_id") };
};

/**
 * The server of the tokens in the environment. No program may write in a person's name there, so that a second bot writes the replies, whose
 * replies count; they are heard through Discord's gateway.
 */
const open: OpenChannel = async () => {
	const channel = DISCORD_TEST_CHANNEL ?? "";
	const botToken = DISCORD_TEST_BOT_TOKEN ?? "";
	const agentToken = DISCORD_TEST_AGENT_TOKEN ?? "";
	const call = async <Result>(token: string, method: string, path: string, body?: object): Promise<Result> => {
		await sleep(1_000);
		const response = await fetch(`${DISCORD_TEST_API_URL ?? "https://discord.com/api"}/v10${path}`, {
			method,
			headers: {
				authorization: `Bot ${token}`,
				"user-agent": "DiscordBot (https://example.com, 0)",
				...(body && { "content-type": "application/json" }),
			},
			...(body && { body: JSON.stringify(body) }),
		});
		if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
		return (await response.json()) as Result;
	};
	const messages = `/channels/${channel}/messages`;
	const messageOf = ({ receipt }: Sent) => String(receipt.platformId);
	const agent = await call<{ id: string }>(agentToken, "GET", "/users/@me");
	const reply = async (sent: Sent, content: string) => {
		await call(agentToken, "POST", messages, {
			content,
			message_reference: { message_id: messageOf(sent) },
			allowed_mentions: { parse: [] },
		});
	};
	return {
		settings: {
			...{ application_id: DISCORD_TEST_APPLICATION_ID, public_key: DISCORD_TEST_PUBLIC_KEY, gateway: "all", allowed_bots: agent.id },
			...(DISCORD_TEST_API_URL && { api_url: DISCORD_TEST_API_URL }),
		},
		secrets: { bot_token: botToken },
		address: channel,
		person: "",
		reply,
		form: lacks("No token presses a button."),
		speakUp: reply,
		askBack: lacks("Every reply is an answer."),
		press: lacks("No token presses a button."),
		shown: async (sent) => shownOf(await call(botToken, "GET", `${messages}/${messageOf(sent)}`)),
		stopped: lacks("People see it on the message."),
		told: lacks("No token reads what one person alone is shown."),
		wire: lacks("Nobody breaks Discord's wires."),
		closesWithinMs: 6_000,
		close: async () => {},
	};
};

/** Null without the tokens. */
export const real: OpenChannel | null = isGiven ? open : null;
