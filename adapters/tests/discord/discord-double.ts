import type { IncomingMessage, ServerResponse } from "node:http";
import { PermissionFlagsBits } from "discord.js";
import type { Behaviour, PlatformDouble } from "../../fixtures/adapter-fixture.ts";
import { installPermissions } from "../../src/discord/permissions.ts";
import { readBody, startHttp } from "../loopback.ts";
import { type GatewayDouble, startGatewayDouble } from "./gateway-double.ts";
import { createPresses, type Press } from "./presses.ts";
import { callbackProblems, messageProblems } from "./shapes.ts";
import type { StoredMessage } from "./stored-message.ts";
import { nextId, person, world } from "./world.ts";

/** How the double treats the next call, beside what every platform's double can: `drop` loses the call before anything is done. */
export type Fault = Behaviour | { kind: "drop" } | { kind: "hang" };

type Channel = {
	id: string;
	type: number;
	guild_id?: string;
	parent_id?: string;
	permission_overwrites: { id: string; type: number; allow: string; deny: string }[];
	thread_metadata?: { archived: boolean; locked: boolean };
	messages: StoredMessage[];
};
type Reply = { status: number; body?: unknown };
type Handler = (params: string[], request: { body: unknown; query: URLSearchParams }) => Reply;

class Refusal extends Error {
	readonly reply: Reply;
	constructor(status: number, code: number, message: string) {
		super(message);
		this.reply = { status, body: { code, message } };
	}
}

/** Discord says no more than "the past few minutes". */
const nonceWindowMs = 180_000;

/**
 * A Discord server on 127.0.0.1: the routes we use, stateful and strict. A route that Discord doesn't know, or a body it would
 * refuse, is a defect of ours: it is kept in `defects`, and `close` throws for it.
 */
export const startDiscordDouble = async () => {
	const received: PlatformDouble["received"] = [];
	const calls: { method: string; path: string; body: unknown }[] = [];
	const defects: string[] = [];
	const channels = new Map<string, Channel>();
	const nonces = new Map<string, { message: StoredMessage; at: number }>();
	const presses = createPresses();
	let granted = installPermissions;
	let application: Record<string, unknown> = {};
	let standing: Fault = { kind: "accept" };
	const queued: Fault[] = [];
	let clockMs = 0;

	const addChannel = (id: string, state: Partial<Channel> = {}) =>
		channels.set(id, { id, type: 0, guild_id: world.guild, permission_overwrites: [], messages: [], ...state });
	addChannel(world.channel);

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

	const post: Handler = ([id], { body }) => {
		const channel = permitted(id, PermissionFlagsBits.SendMessages);
		judge("message", messageProblems("create", body));
		const { nonce, enforce_nonce, ...fields } = body as Partial<StoredMessage> & { nonce?: string; enforce_nonce?: boolean };
		const before = nonces.get(nonce ?? "");
		if (enforce_nonce && before && Date.now() + clockMs - before.at < nonceWindowMs) return { status: 200, body: before.message };
		const message: StoredMessage = {
			...{ id: nextId(), channel_id: channel.id, type: 0, author: { id: world.botId, username: "AgentPlanner", bot: true } },
			...{ content: "", embeds: [], components: [], ...fields, ...(nonce && { nonce }) },
		};
		channel.messages.push(message);
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
	const edit: Handler = ([id, messageId], { body }) => {
		const message = permitted(id).messages.find((candidate) => candidate.id === messageId);
		if (!message) throw new Refusal(404, 10_008, "Unknown Message");
		if (message.author.id !== world.botId) throw new Refusal(403, 50_005, "Cannot edit a message authored by another user");
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

	const routes: [method: string, path: RegExp, handler: Handler, open?: "open"][] = [
		[
			"GET",
			/^\/applications\/@me$/,
			() => ({ status: 200, body: { id: world.applicationId, verify_key: world.publicKey, ...application } }),
		],
		["GET", /^\/users\/@me$/, () => ({ status: 200, body: { id: world.botId, username: "AgentPlanner", bot: true } })],
		["POST", /^\/users\/@me\/channels$/, openConversation],
		["GET", /^\/gateway\/bot$/, () => ({ status: 200, body: gateway.information() })],
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

	const answer = (request: IncomingMessage, body: Buffer): Reply => {
		const url = new URL(request.url ?? "", "http://double");
		const path = url.pathname.replace("/api/v10", "");
		const { authorization, "user-agent": agent = "" } = request.headers;
		if (!agent.startsWith("DiscordBot (")) defects.push(`User-Agent: ${agent}`);
		for (const [method, pattern, handler, open] of routes) {
			const match = pattern.exec(path);
			if (request.method !== method || !match) continue;
			if (!open && authorization !== `Bot ${world.token}`) return { status: 401, body: { code: 0, message: "401: Unauthorized" } };
			if (open && authorization) defects.push(`${path}: the bot's token has no place here`);
			const read: unknown = body.length > 0 ? JSON.parse(body.toString()) : undefined;
			calls.push({ method, path, body: read });
			return handler(match.slice(1), { body: read, query: url.searchParams });
		}
		defects.push(`unknown route ${request.method} ${path}`);
		return { status: 404, body: { code: 0, message: "404: Not Found" } };
	};

	const buckets = {
		"x-ratelimit-limit": "5",
		"x-ratelimit-remaining": "4",
		"x-ratelimit-reset-after": "1.000",
		"x-ratelimit-bucket": "b1",
	};
	const serve = (request: IncomingMessage, body: Buffer, response: ServerResponse) => {
		const fault = queued.shift() ?? standing;
		if (fault.kind === "drop") return request.socket.resetAndDestroy();
		if (fault.kind === "status")
			return response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers }).end(fault.body);
		let reply: Reply;
		try {
			reply = answer(request, body);
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			reply = error.reply;
		}
		if (fault.kind === "cut") return request.socket.resetAndDestroy();
		if (fault.kind === "hang") return;
		if (reply.body === undefined) return response.writeHead(reply.status, buckets).end();
		const shown = fault.body === undefined ? reply.body : { ...reply.body, echo: fault.body };
		return response
			.writeHead(reply.status, { "content-type": "application/json", ...buckets, ...fault.headers })
			.end(JSON.stringify(shown));
	};

	const server = await startHttp(async (request, response) => {
		const body = await readBody(request);
		received.push({ headers: request.headers as Record<string, string>, body });
		serve(request, body, response);
	});
	const gateway: GatewayDouble = await startGatewayDouble(() => ({
		flags: Number(application.flags ?? 0),
		channels: [...channels.values()].map(({ messages, ...channel }) => ({ ...channel, last_message_id: messages.at(-1)?.id ?? null })),
	}));
	const configure = (changes: Record<string, unknown> = {}) => {
		application = { flags: 0, interactions_endpoint_url: "https://planner.example.com/ingress/discord/1", ...changes };
	};
	configure();

	return {
		url: `${server.url}/api`,
		received,
		calls,
		defects,
		gateway,
		presses,
		addChannel,
		configure,
		messages: (id = world.channel) => known(id).messages,
		/** What the bot may do in the server, as bits. */
		grant: (bits = installPermissions) => {
			granted = bits;
		},
		/** Time goes by for Discord, which forgets nonces. */
		wait: (ms: number) => {
			clockMs += ms;
		},
		behave: (fault: Fault) => {
			standing = fault;
		},
		/** For the next calls, one each; after them it behaves as before. */
		next: (...faults: Fault[]) => void queued.push(...faults),
		/** Somebody presses a message's button; throws where it has none of that kind. */
		press: (message: StoredMessage | undefined, action: string, option?: string): Press =>
			presses.press(message, action, option === undefined ? {} : { option: `:${option}` }),
		/** Somebody chooses from a message's list. */
		choose: (message: StoredMessage | undefined, value: string): Press => presses.press(message, "choose", { values: [value] }),
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
			gateway.dispatch("MESSAGE_CREATE", { ...message, guild_id: world.guild, member: { nick: null, roles: [] } });
			return message;
		},
		async close() {
			await gateway.close();
			await server.close();
			if (defects.length > 0) throw new Error(`Discord would have refused: ${defects.join(" | ")}`);
		},
	};
};

export type DiscordDouble = Awaited<ReturnType<typeof startDiscordDouble>>;
