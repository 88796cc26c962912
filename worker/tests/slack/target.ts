import { setTimeout as sleep } from "node:timers/promises";
import { type SlackPost, signPost } from "../../../adapters/tests/slack/posts.ts";
import { startSlackDouble } from "../../../adapters/tests/slack/slack-double.ts";
import { workspace } from "../../../adapters/tests/slack/workspace.ts";

export type SeenMessage = { ts: string; text: string; thread_ts?: string; blocks?: unknown[] };

type Signed = Pick<SlackPost, "headers" | "body">;

/** A Slack workspace to run the scenarios against: the double always, a real one where its tokens are given. */
export type SlackTarget = {
	settings: Record<string, unknown>;
	secrets: { bot_token: string; signing_secret: string };
	channel: string;
	read(ts: string): Promise<SeenMessage | undefined>;
	/** A person writes under a message; answers with what Slack posts to us about it. */
	reply(ts: string, text: string): Promise<Signed>;
	/** What only the double can do. */
	double: Awaited<ReturnType<typeof startSlackDouble>> | null;
	close(): Promise<void>;
};

export const openDouble = async (): Promise<SlackTarget> => {
	const double = await startSlackDouble();
	return {
		double,
		settings: { app_id: workspace.appId, api_url: double.url },
		secrets: { bot_token: workspace.token, signing_secret: workspace.signingSecret },
		channel: workspace.channel,
		read: async (ts) => double.messages().find((message) => message.ts === ts) as SeenMessage | undefined,
		reply: async (ts, text) => double.reply(ts, text),
		close: double.close,
	};
};

const { SLACK_TEST_APP_ID, SLACK_TEST_BOT_TOKEN, SLACK_TEST_SIGNING_SECRET, SLACK_TEST_CHANNEL, SLACK_TEST_USER_TOKEN } = process.env;

export const hasRealWorkspace = Boolean(
	SLACK_TEST_APP_ID && SLACK_TEST_BOT_TOKEN && SLACK_TEST_SIGNING_SECRET && SLACK_TEST_CHANNEL && SLACK_TEST_USER_TOKEN,
);

/**
 * The workspace of the tokens in the environment. A person's token writes the replies; as Slack can't reach this machine, its messages
 * are read back and put into the envelope in which Slack posts them.
 */
export const openRealWorkspace = async (): Promise<SlackTarget> => {
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
		return (messages as SeenMessage[]).find((message) => message.ts === ts);
	};
	const { team_id } = await call(secrets.bot_token, "auth.test", {});
	return {
		double: null,
		settings: { app_id: SLACK_TEST_APP_ID },
		secrets,
		channel,
		read,
		reply: async (ts, text) => {
			const posted = await call(SLACK_TEST_USER_TOKEN ?? "", "chat.postMessage", { channel, thread_ts: ts, text });
			const message = await read(ts, String(posted.ts));
			// A person's token is of an app as well, by which Slack marks the message; from Slack's own client it has none.
			const { app_id: _, bot_id: __, ...typed } = message as SeenMessage & { app_id?: string; bot_id?: string };
			const event = { type: "message", channel, channel_type: "channel", ...typed };
			const body = { type: "event_callback", team_id, api_app_id: SLACK_TEST_APP_ID, event_id: `Ev${posted.ts}`, event };
			return signPost(JSON.stringify(body), "application/json", new Date(), secrets.signing_secret);
		},
		close: async () => {},
	};
};
