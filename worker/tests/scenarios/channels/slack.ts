import { expect } from "vitest";
import type { SlackPost } from "../../../../adapters/tests/slack/posts.ts";
import { startSlackDouble } from "../../../../adapters/tests/slack/slack-double.ts";
import { people, workspace } from "../../../../adapters/tests/slack/workspace.ts";
import { lacks, type OpenChannel, type Sent } from "../channel.ts";
import { real, shownOf } from "./slack-workspace.ts";

export { real };

/** A Slack workspace that posts its events to us. */
export const open: OpenChannel = async (post) => {
	const slack = await startSlackDouble();
	const messageOf = ({ receipt }: Sent) => slack.messages().find(({ ts }) => ts === receipt.data?.ts);
	const tell = async (said: SlackPost) => expect((await post(said)).status).toBe(200);
	const tellTwice = async (said: SlackPost) => void (await Promise.all([tell(said), tell(said)]));
	const reply = (sent: Sent, text: string) => tellTwice(slack.reply(messageOf(sent)?.ts ?? "", text));
	return {
		settings: { app_id: workspace.appId, api_url: slack.url },
		secrets: { bot_token: workspace.token, signing_secret: workspace.signingSecret },
		address: workspace.channel,
		person: people.ada.id,
		reply,
		form: async (sent, text) => {
			await tell(slack.click(messageOf(sent), "agentplanner_reply"));
			await tellTwice(slack.submit({ answer: text }));
		},
		speakUp: reply,
		askBack: lacks("Every reply of a person is an answer."),
		press: (sent, option) => tell(slack.decide(messageOf(sent), option)),
		shown: async (sent) => shownOf(messageOf(sent)),
		stopped: lacks("People see it on the message."),
		told: () => slack.whispers.map(({ text }) => text),
		wire: {
			break: (kind) => {
				slack.next({ kind });
				return () => {};
			},
			copies: (question) => slack.messages().filter((message) => JSON.stringify(message).includes(question)).length,
		},
		close: slack.close,
	};
};
