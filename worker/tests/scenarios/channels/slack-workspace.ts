import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { signPost } from "../../../../adapters/tests/slack/posts.ts";
import { lacks, type OpenChannel, type Sent, type Shown } from "../channel.ts";

const { SLACK_TEST_APP_ID, SLACK_TEST_BOT_TOKEN, SLACK_TEST_SIGNING_SECRET, SLACK_TEST_CHANNEL, SLACK_TEST_USER_TOKEN } = process.env;

const isGiven = SLACK_TEST_APP_ID && SLACK_TEST_BOT_TOKEN && SLACK_TEST_SIGNING_SECRET && SLACK_TEST_CHANNEL && SLACK_TEST_USER_TOKEN;

type Message = { ts: string; app_id?: string; bot_id?: string };

export const shownOf = (message: unknown): Shown => {
	const text = JSON.stringify(message);
	return { text, open: /agentplanner_(reply|comment|option)/.test(text) };
};

/**
 * The workspace of the tokens in the environment. A person's token writes the replies; as Slack can't reach this machine, its messages
 * are read back and put into the envelope in which Slack posts them.
 */
const open: OpenChannel = async (post) => {
	const channel = SLACK_TEST_CHANNEL ?? "";
	const secrets = { bot_token: SLACK_TEST_BOT_TOKEN ?? "", signing_secret: SLACK_TEST_SIGNING_SECRET ?? "" };
	const call = async (token: string, method: string, args: Record<string, string>) => {
		await sleep(1_000);
		const response = await fetch(`https://slack.com/api/${method}`, {
			method: "POST",
			headers: { authorization: `Bearer ${token}` },
			body: new URLSearchParams(args),
		});
		const result = (await response.json()) as { ok: boolean; error?: string } & Record<string, unknown>;
		if (!result.ok) throw new Error(`${method}: ${result.error}`);
		return result;
	};
	const read = async (root: string, ts = root) => {
		const { messages } = await call(secrets.bot_token, "conversations.replies", { channel, ts: root });
		return (messages as Message[]).find((message) => message.ts === ts);
	};
	const tsOf = ({ receipt }: Sent) => String(receipt.data?.ts);
	const { team_id } = await call(secrets.bot_token, "auth.test", {});
	const reply = async (sent: Sent, text: string) => {
		const root = tsOf(sent);
		const posted = await call(SLACK_TEST_USER_TOKEN ?? "", "chat.postMessage", { channel, thread_ts: root, text });
		// A person's token is of an app as well, by which Slack marks the message; from Slack's own client it has none.
		const { app_id: _, bot_id: __, ...typed } = (await read(root, String(posted.ts))) ?? { ts: "" };
		const event = { type: "message", channel, channel_type: "channel", ...typed };
		const body = { type: "event_callback", team_id, api_app_id: SLACK_TEST_APP_ID, event_id: `Ev${posted.ts}`, event };
		const said = signPost(JSON.stringify(body), "application/json", new Date(), secrets.signing_secret);
		expect((await post(said)).status).toBe(200);
	};
	return {
		settings: { app_id: SLACK_TEST_APP_ID },
		secrets,
		address: channel,
		person: "",
		reply,
		form: lacks("No token presses a button."),
		speakUp: reply,
		askBack: lacks("Every reply of a person is an answer."),
		press: lacks("No token presses a button."),
		shown: async (sent) => shownOf(await read(tsOf(sent))),
		stopped: lacks("People see it on the message."),
		told: lacks("No token reads what one person alone is shown."),
		wire: lacks("Nobody breaks Slack's wires."),
		closesWithinMs: 6_000,
		close: async () => {},
	};
};

/** Null without the tokens. */
export const real: OpenChannel | null = isGiven ? open : null;
