import type { IncomingMessage } from "node:http";
import { PermissionFlagsBits } from "discord.js";
import { installPermissions } from "../../src/discord/permissions.ts";
import type { Answer } from "../faulty-http.ts";
import type { createPresses } from "./presses.ts";
import { type Command, callbackProblems, messageProblems, readCommand } from "./shapes.ts";
import type { StoredMessage } from "./stored-message.ts";
import { nextId, person, world } from "./world.ts";

type Channel = {
	id: string;
	type: number;
	guild_id?: string;
	parent_id?: string;
	permission_overwrites: { id: string; type: number; allow: string; deny: string }[];
	thread_metadata?: { archived: boolean; locked: boolean };
	messages: StoredMessage[];
};
type Bot = { id: string; username: string; bot: true };
type Handler = (params: string[], request: { body: unknown; query: URLSearchParams; bot: Bot }) => Answer;

const bots: ReadonlyMap<string, Bot> = new Map([
	[`Bot ${world.token}`, { id: world.botId, username: "AgentPlanner", bot: true }],
	[`Bot ${world.agent.token}`, { id: world.agent.id, username: "Agent", bot: true }],
]);
const nobody: Bot = { id: "", username: "", bot: true };

class Refusal extends Error {
	readonly answer: Answer;
	constructor(status: number, code: number, message: string) {
		super(message);
		this.answer = { status, body: { code, message } };
	}
}

/** Discord says no more than "the past few minutes". */
const nonceWindowMs = 180_000;

const buckets = {
	"x-ratelimit-limit": "5",
	"x-ratelimit-remaining": "4",
	"x-ratelimit-reset-after": "1.000",
	"x-ratelimit-bucket": "b1",
};

type Around = {
	presses: ReturnType<typeof createPresses>;
	gatewayInformation: () => object;
	/** Tells of what another bot has posted. */
	announce: (message: StoredMessage) => void;
};

/**
 * Discord's API over one server: the routes we use, stateful and strict. A route that Discord doesn't know, or a body it would refuse, is
 * noted in `defects`.
 */
export const createApi = ({ presses, gatewayInformation, announce }: Around) => {
	const calls: { method: string; path: string; body: unknown }[] = [];
	const defects: string[] = [];
	const channels = new Map<string, Channel>();
	const nonces = new Map<string, { message: StoredMessage; at: number }>();
	const commands = new Map<string, Command>();
	let granted = installPermissions;
	let application: Record<string, unknown> = {};
	let clockMs = 0;

	const addChannel = (id: string, state: Partial<Channel> = {}) =>
		channels.set(id, { id, type: 0, guild_id: world.guild, permission_overwrites: [], messages: [], ...state });
	addChannel(world.channel);
	const configure = (changes: Record<string, unknown> = {}) => {
		application = { flags: 0, interactions_endpoint_url: "https://planner.example.com/ingress/discord/1", ...changes };
	};
	configure();

	const known = (id = ""): Channel => {
		const channel = channels.get(id);
		if (!channel) throw new Refusal(404, 10_003, "Unknown Channel");
		return channel;
	};
	const permitted = (id: string | undefined, ...needed: bigint[]): Channel => {
		const channel = known(id);
		if ((granted & PermissionFlagsBits.ViewChannel) === 0n) throw new Refusal(403, 50_001, "Missing Access");
		if (needed.some((bit) => (granted & bit) === 0n)) throw new Refusal(403, 50_013, "Missing Permissions");
		return channel;
	};
	const judge = (what: string, problems: string[]): void => {
		if (problems.length === 0) return;
		defects.push(`${what}: ${problems.join("; ")}`);
		throw new Refusal(400, 50_035, "Invalid Form Body");
	};

	/** What a message replies to, as Discord tells it. */
	const referencedBy = ({ message_reference }: Partial<StoredMessage>, channel: Channel) => {
		const referenced_message = channel.messages.find((message) => message.id === message_reference?.message_id);
		return referenced_message ? { type: 19, referenced_message } : {};
	};
	const post: Handler = ([id], { body, bot }) => {
		const channel = permitted(id, PermissionFlagsBits.SendMessages);
		judge("message", messageProblems("create", body));
		const { nonce, enforce_nonce, ...fields } = body as Partial<StoredMessage> & { nonce?: string; enforce_nonce?: boolean };
		const before = nonces.get(nonce ?? "");
		if (enforce_nonce && before && Date.now() + clockMs - before.at < nonceWindowMs) return { status: 200, body: before.message };
		const message: StoredMessage = {
			...{ id: nextId(), channel_id: channel.id, type: 0, author: bot, mentions: [], attachments: [] },
			...{ content: "", embeds: [], components: [], ...fields, ...referencedBy(fields, channel), ...(nonce && { nonce }) },
		};
		channel.messages.push(message);
		if (bot.id !== world.botId) announce(message);
		if (nonce) nonces.set(nonce, { message, at: Date.now() + clockMs });
		return { status: 200, body: message };
	};
	const list: Handler = ([id], { query }) => {
		const channel = permitted(id);
		if ((granted & PermissionFlagsBits.ReadMessageHistory) === 0n) return { status: 200, body: [] };
		const after = BigInt(query.get("after") ?? "0");
		const page = channel.messages.filter((message) => BigInt(message.id) > after).slice(0, Number(query.get("limit") ?? 50));
		// Discord forgets the nonce, and shows the newest first.
		return { status: 200, body: page.toReversed().map(({ nonce: _, ...message }) => message) };
	};
	const messageOf = (channel: Channel, id: string | undefined): StoredMessage => {
		const message = channel.messages.find((candidate) => candidate.id === id);
		if (!message) throw new Refusal(404, 10_008, "Unknown Message");
		return message;
	};
	const show: Handler = ([id, messageId]) => {
		const { nonce: _, ...message } = messageOf(permitted(id, PermissionFlagsBits.ReadMessageHistory), messageId);
		return { status: 200, body: message };
	};
	const edit: Handler = ([id, messageId], { body, bot }) => {
		const message = messageOf(permitted(id), messageId);
		if (message.author.id !== bot.id) throw new Refusal(403, 50_005, "Cannot edit a message authored by another user");
		judge("edit", messageProblems("edit", body));
		return { status: 200, body: Object.assign(message, body) };
	};

	const openConversation: Handler = (_params, { body }) => {
		const { recipient_id } = body as { recipient_id?: string };
		if (recipient_id !== person.id) throw new Refusal(400, 50_033, "Invalid Recipient(s)");
		if (!channels.has(world.conversation))
			channels.set(world.conversation, { id: world.conversation, type: 1, permission_overwrites: [], messages: [] });
		return { status: 200, body: { id: world.conversation, type: 1 } };
	};

	const ownCommands = (id = ""): void => {
		if (id !== world.applicationId) throw new Refusal(403, 20_012, "You are not authorized to perform this action on this application");
	};
	const declare: Handler = ([id], { body }) => {
		ownCommands(id);
		const { command, problems } = readCommand(body);
		judge("command", problems);
		if (!command) throw new Refusal(400, 50_035, "Invalid Form Body");
		const isNew = !commands.has(command.name);
		commands.set(command.name, command);
		return { status: isNew ? 201 : 200, body: { id: nextId(), application_id: id, version: nextId(), ...command } };
	};
	const listCommands: Handler = ([id]) => {
		ownCommands(id);
		return { status: 200, body: [...commands.values()].map((command) => ({ id: nextId(), application_id: id, ...command })) };
	};

	const routes: [method: string, path: RegExp, handler: Handler, open?: "open"][] = [
		[
			"GET",
			/^\/applications\/@me$/,
			() => ({ status: 200, body: { id: world.applicationId, verify_key: world.publicKey, ...application } }),
		],
		["GET", /^\/applications\/(\d+)\/commands$/, listCommands],
		["POST", /^\/applications\/(\d+)\/commands$/, declare],
		["GET", /^\/users\/@me$/, (_params, { bot }) => ({ status: 200, body: bot })],
		["POST", /^\/users\/@me\/channels$/, openConversation],
		["GET", /^\/gateway\/bot$/, () => ({ status: 200, body: gatewayInformation() })],
		[
			"GET",
			/^\/channels\/(\d+)$/,
			([id]) => {
				const { messages: _, ...channel } = permitted(id);
				return { status: 200, body: channel };
			},
		],
		["GET", /^\/channels\/(\d+)\/messages$/, list],
		["POST", /^\/channels\/(\d+)\/messages$/, post],
		["GET", /^\/channels\/(\d+)\/messages\/(\d+)$/, show],
		["PATCH", /^\/channels\/(\d+)\/messages\/(\d+)$/, edit],
		[
			"GET",
			/^\/guilds\/(\d+)\/roles$/,
			([id]) => ({
				status: 200,
				body: [
					{ id, permissions: "0" },
					{ id: world.botRole, permissions: String(granted) },
				],
			}),
		],
		["GET", /^\/guilds\/\d+\/members\/(\d+)$/, ([id]) => ({ status: 200, body: { user: { id }, roles: [world.botRole] } })],
		[
			"POST",
			/^\/webhooks\/(\d+)\/([\w-]+)$/,
			([, token], { body }) => {
				if (!presses.isAnswered(token ?? "")) throw new Refusal(404, 10_015, "Unknown Webhook");
				judge("follow-up", messageProblems("followUp", body));
				presses.follow(token ?? "", body);
				return { status: 200, body: { id: nextId(), channel_id: world.channel } };
			},
			"open",
		],
		[
			"PATCH",
			/^\/webhooks\/(\d+)\/([\w-]+)\/messages\/@original$/,
			([, token], { body }) => {
				if (!presses.isAnswered(token ?? "")) throw new Refusal(404, 10_015, "Unknown Webhook");
				judge("rewriting an answer", messageProblems("rewrite", body));
				presses.rewrite(token ?? "", body);
				return { status: 200, body: { id: nextId(), channel_id: world.channel } };
			},
			"open",
		],
		[
			"POST",
			/^\/interactions\/(\d+)\/([\w-]+)\/callback$/,
			([, token], { body }) => {
				judge("callback", callbackProblems(body));
				const code = presses.answer(token ?? "", body);
				if (code !== null) throw new Refusal(code === 40_060 ? 400 : 404, code, "Unknown interaction");
				return { status: 204 };
			},
			"open",
		],
	];

	const route = (request: IncomingMessage, body: Buffer): Answer => {
		const url = new URL(request.url ?? "", "http://double");
		const path = url.pathname.replace("/api/v10", "");
		const { authorization, "user-agent": agent = "" } = request.headers;
		if (!agent.startsWith("DiscordBot (")) defects.push(`User-Agent: ${agent}`);
		for (const [method, pattern, handler, open] of routes) {
			const match = pattern.exec(path);
			if (request.method !== method || !match) continue;
			const bot = bots.get(authorization ?? "") ?? nobody;
			if (!open && bot === nobody) return { status: 401, body: { code: 0, message: "401: Unauthorized" } };
			if (open && authorization) defects.push(`${path}: the bot's token has no place here`);
			const read: unknown = body.length > 0 ? JSON.parse(body.toString()) : undefined;
			calls.push({ method, path, body: read });
			return handler(match.slice(1), { body: read, query: url.searchParams, bot });
		}
		defects.push(`unknown route ${request.method} ${path}`);
		return { status: 404, body: { code: 0, message: "404: Not Found" } };
	};

	const answer = (request: IncomingMessage, body: Buffer): Answer => {
		try {
			return { headers: buckets, ...route(request, body) };
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			return { headers: buckets, ...error.answer };
		}
	};

	return {
		...{ calls, defects, channels, commands, addChannel, configure, answer },
		application: () => application,
		messages: (id = world.channel) => known(id).messages,
		/** What the bot may do in the server, as bits. */
		grant: (bits = installPermissions) => {
			granted = bits;
		},
		/** Time goes by for Discord, which forgets nonces. */
		wait: (ms: number) => {
			clockMs += ms;
		},
	};
};
