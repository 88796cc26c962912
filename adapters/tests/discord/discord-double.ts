import { startFaultyHttp } from "../faulty-http.ts";
import { createApi } from "./api.ts";
import { type GatewayDouble, startGatewayDouble } from "./gateway-double.ts";
import { createPresses, type Press } from "./presses.ts";
import { type Command, callbackProblems } from "./shapes.ts";
import type { StoredMessage } from "./stored-message.ts";
import { nextId, person, world } from "./world.ts";

/** A Discord server on 127.0.0.1. What Discord would have refused of our calls is a defect of ours: `close` throws for it. */
export const startDiscordDouble = async () => {
	const presses = createPresses();
	const announce = (message: StoredMessage) =>
		gateway.dispatch("MESSAGE_CREATE", { ...message, guild_id: world.guild, member: { nick: null, roles: [] } });
	const api = createApi({ presses, announce, gatewayInformation: () => gateway.information() });
	const { channels, defects, calls, addChannel, configure, messages, grant, wait } = api;
	const { url, received, behave, next, close } = await startFaultyHttp(api.answer);
	const gateway: GatewayDouble = await startGatewayDouble(() => ({
		flags: Number(api.application().flags ?? 0),
		channels: [...channels.values()].map(({ messages, ...channel }) => ({ ...channel, last_message_id: messages.at(-1)?.id ?? null })),
	}));

	return {
		url: `${url}/api`,
		...{ received, behave, next, calls, defects, gateway, presses, addChannel, configure, messages, grant, wait },
		/** Somebody presses a message's button; throws where it has none of that kind. */
		press: (message: StoredMessage | undefined, action: string, option?: string): Press =>
			presses.press(message, action, option === undefined ? {} : { option: `:${option}` }),
		/** Somebody chooses from a message's list. */
		choose: (message: StoredMessage | undefined, value: string): Press => presses.press(message, "choose", { values: [value] }),
		/** The application has that command, by whomever it was declared. */
		declare: (command: Command): void => void api.commands.set(command.name, command),
		commandNames: (): string[] => [...api.commands.keys()],
		/** Somebody writes the command; throws where none of that name is declared. */
		command: (words: string, channel_id = world.channel): Press => {
			const option = api.commands.get("planner")?.options.find(({ name }) => name === words);
			if (!option) throw new Error(`/planner ${words} is not declared.`);
			const data = { id: nextId(), name: "planner", type: 1, options: [{ type: option.type, name: words }] };
			return presses.interact(2, { channel_id, data });
		},
		/** Discord hears what we answer to a press; what it wouldn't take is a defect. */
		hear: (token: string, reply: unknown): void => {
			const problems = callbackProblems(reply);
			if (problems.length > 0) defects.push(`answer to a press: ${problems.join("; ")}`);
			presses.answer(token, reply);
		},
		/** Somebody writes a message: told through the gateway, and stored. */
		say: (text: string, fields: Record<string, unknown> = {}, id = world.channel): StoredMessage => {
			const message = {
				...{
					id: nextId(),
					channel_id: id,
					type: 0,
					author: person,
					content: text,
					embeds: [],
					components: [],
					attachments: [],
					mentions: [],
				},
				...fields,
			} as StoredMessage;
			channels.get(id)?.messages.push(message);
			announce(message);
			return message;
		},
		async close() {
			await gateway.close();
			await close();
			if (defects.length > 0) throw new Error(`Discord would have refused: ${defects.join(" | ")}`);
		},
	};
};

export type DiscordDouble = Awaited<ReturnType<typeof startDiscordDouble>>;
