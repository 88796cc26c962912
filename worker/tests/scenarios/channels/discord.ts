import { expect } from "vitest";
import { startDiscordDouble } from "../../../../adapters/tests/discord/discord-double.ts";
import type { Press } from "../../../../adapters/tests/discord/presses.ts";
import { person, world } from "../../../../adapters/tests/discord/world.ts";
import { lacks, type OpenChannel, type Sent } from "../channel.ts";
import { real, shownOf } from "./discord-server.ts";

export { real };

/** A Discord server: what people press is posted to us, what they write comes through the gateway. */
export const open: OpenChannel = async (post) => {
	const discord = await startDiscordDouble();
	discord.configure({ flags: 1 << 19 });
	const messageOf = ({ receipt }: Sent) => discord.messages().find(({ id }) => id === receipt.platformId);
	const tell = async (press: Press) => {
		const { status, body } = await post(press.post);
		expect(status).toBe(200);
		discord.hear(press.token, body);
	};
	const tellTwice = async (press: Press) => void (await Promise.all([tell(press), tell(press)]));
	const reply = async (sent: Sent, text: string) => {
		const message = discord.say(text, { type: 19, referenced_message: { id: messageOf(sent)?.id, author: { id: world.botId } } });
		discord.gateway.dispatch("MESSAGE_CREATE", { ...message, guild_id: world.guild, member: { nick: null, roles: [] } });
	};
	const isForOne = (path: string) => path.startsWith("/webhooks/") || path === `/channels/${world.conversation}/messages`;
	return {
		settings: { application_id: world.applicationId, public_key: world.publicKey, gateway: "all", api_url: discord.url },
		secrets: { bot_token: world.token },
		address: world.channel,
		person: person.id,
		reply,
		form: async (sent, text) => {
			const press = discord.press(messageOf(sent), "reply");
			await tell(press);
			await tellTwice(discord.presses.submit(press, { answer: text }));
		},
		speakUp: reply,
		askBack: lacks("Every reply of a person is an answer."),
		press: (sent, option) => tell(discord.press(messageOf(sent), "decide", option)),
		shown: async (sent) => shownOf(messageOf(sent)),
		stopped: lacks("People see it on the message."),
		told: () => discord.calls.filter(({ path }) => isForOne(path)).map(({ body }) => (body as { content: string }).content),
		wire: {
			break: (kind) => {
				discord.next({ kind });
				// Past the minutes in which Discord itself would know the message again.
				return () => discord.wait(200_000);
			},
			copies: (question) => discord.messages().filter(({ embeds }) => JSON.stringify(embeds).includes(question)).length,
		},
		close: discord.close,
	};
};
