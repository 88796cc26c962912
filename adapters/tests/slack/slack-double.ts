import type { IncomingMessage, ServerResponse } from "node:http";
import type { Behaviour, PlatformDouble } from "../../fixtures/adapter-fixture.ts";
import { signatureOf } from "../../src/slack/signature.ts";
import { readBody, startHttp } from "../loopback.ts";
import { type Args, type Block, type Metadata, type Method, methods, type View } from "./shapes.ts";

export const workspace = {
	team: "T0AGENTPLAN",
	appId: "A0AGENTPLAN",
	botUser: "U0PLANNERBOT",
	botId: "B0PLANNERBOT",
	channel: "C0QUESTIONS",
	/** Between the app and the person. */
	dialogue: "D0ADALOVEL",
	token: "xoxb-1234567890-abcdefghijklmnop",
	signingSecret: "8f742231b10e8888abcd99yyyzzz85a5",
};

const person = { id: "U0ADALOVEL", name: "ada" };

const allScopes = [
	"chat:write",
	"channels:read",
	"groups:read",
	"channels:history",
	"groups:history",
	"users:read",
	"im:write",
	"im:history",
];

/** How the double treats the next call, beside what every platform's double can: `drop` loses the call before anything is done. */
export type Fault = Behaviour | { kind: "drop" } | { kind: "hang" };

export type StoredMessage = {
	ts: string;
	thread_ts?: string | undefined;
	user: string;
	text: string;
	app_id?: string;
	bot_id?: string;
	blocks?: Block[] | undefined;
	metadata?: Metadata | undefined;
};
type Channel = { id: string; is_member: boolean; is_archived: boolean; messages: StoredMessage[] };

/** What Slack posts to us, ready to be sent or given to the adapter. */
export type SlackPost = { headers: Record<string, string>; body: string };

class Refusal extends Error {
	readonly code: string;
	readonly details: Record<string, unknown>;
	constructor(code: string, details: Record<string, unknown> = {}) {
		super(code);
		this.code = code;
		this.details = details;
	}
}

/** Signs a body as Slack does. */
export const signPost = (body: string, contentType: string, at: Date, secret = workspace.signingSecret): SlackPost => {
	const timestamp = String(Math.floor(at.getTime() / 1000));
	return {
		body,
		headers: {
			"content-type": contentType,
			"x-slack-request-timestamp": timestamp,
			"x-slack-signature": signatureOf(secret, timestamp, Buffer.from(body)),
		},
	};
};

/**
 * A Slack workspace on 127.0.0.1: the methods we use, stateful and strict. A method or argument that Slack doesn't know, or a value it
 * would refuse, is a defect of ours: it is kept in `defects`, and `close` throws for it.
 */
export const startSlackDouble = async () => {
	const received: PlatformDouble["received"] = [];
	const calls: { method: string; args: Record<string, unknown> }[] = [];
	const defects: string[] = [];
	const channels = new Map<string, Channel>();
	const views: { id: string; view: View }[] = [];
	const triggers = new Map<string, number>();
	let scopes = [...allScopes];
	let standing: Fault = { kind: "accept" };
	const queued: Fault[] = [];
	let clock = Date.now() * 1_000;
	let count = 0;

	const nextTs = () => {
		clock += 1;
		return `${Math.floor(clock / 1_000_000)}.${String(clock % 1_000_000).padStart(6, "0")}`;
	};
	const addChannel = (id: string, state: Partial<Channel> = {}) =>
		channels.set(id, { id, is_member: true, is_archived: false, messages: [], ...state });
	addChannel(workspace.channel);

	const known = (id: string): Channel => {
		const channel = channels.get(id);
		if (!channel) throw new Refusal("channel_not_found");
		return channel;
	};
	const joined = (id: string): Channel => {
		const channel = known(id);
		if (!channel.is_member) throw new Refusal("not_in_channel");
		return channel;
	};
	/** A member's id leads to the conversation with that person, which has an id of its own. */
	const conversationWith = (member: string): string => {
		if (member !== person.id) throw new Refusal("user_not_found");
		if (!channels.has(workspace.dialogue)) addChannel(workspace.dialogue);
		return workspace.dialogue;
	};
	const writable = (id: string): Channel => {
		const channel = joined(id);
		if (channel.is_archived) throw new Refusal("is_archived");
		return channel;
	};
	const pageOf = (messages: StoredMessage[], { oldest, limit, cursor, include_all_metadata }: Args<"conversations.history">) => {
		// With `oldest` alone Slack begins at the old end and pages forward; within a page the newest comes first.
		const found = messages.filter(({ ts }) => Number(ts) >= Number(oldest));
		const start = Number(cursor ?? 0);
		const page = found.slice(start, start + limit).toReversed();
		const more = start + limit < found.length;
		return {
			messages: page.map(({ metadata, ...message }) => ({ ...message, ...(include_all_metadata && metadata ? { metadata } : {}) })),
			has_more: more,
			response_metadata: { next_cursor: more ? String(start + limit) : "" },
		};
	};

	const run: { [Name in Method]: (args: Args<Name>) => Record<string, unknown> } = {
		"auth.test": () => ({ team_id: workspace.team, user_id: workspace.botUser, bot_id: workspace.botId }),
		"chat.postMessage": ({ channel: to, text, blocks, metadata, thread_ts }) => {
			const id = to.startsWith("U") ? conversationWith(to) : to;
			const channel = writable(id);
			if (thread_ts !== undefined && !channel.messages.some(({ ts, thread_ts: root }) => ts === thread_ts && root === undefined))
				throw new Refusal("thread_not_found");
			const ts = nextTs();
			const message: StoredMessage = {
				...{ ts, thread_ts, text, blocks, metadata },
				...{ user: workspace.botUser, app_id: workspace.appId, bot_id: workspace.botId },
			};
			channel.messages.push(message);
			return { channel: id, ts, message };
		},
		"chat.update": ({ channel: id, ts, text, blocks, metadata }) => {
			const message = writable(id).messages.find((candidate) => candidate.ts === ts);
			if (!message) throw new Refusal("message_not_found");
			if (message.app_id !== workspace.appId) throw new Refusal("cant_update_message");
			Object.assign(message, { text, blocks }, metadata ? { metadata } : {});
			return { channel: id, ts, text };
		},
		"conversations.info": ({ channel: id }) => {
			const { is_member, is_archived } = known(id);
			return { channel: { id, is_member, is_archived, is_im: false } };
		},
		"conversations.open": ({ users }) => ({ channel: { id: conversationWith(users) } }),
		"conversations.history": (args) =>
			pageOf(
				joined(args.channel).messages.filter(({ thread_ts }) => thread_ts === undefined),
				args,
			),
		"conversations.replies": (args) => {
			const thread = joined(args.channel).messages.filter(({ ts, thread_ts }) => ts === args.ts || thread_ts === args.ts);
			if (thread.length === 0) throw new Refusal("thread_not_found");
			return pageOf(thread, args);
		},
		"users.info": ({ user }) => {
			if (user !== person.id) throw new Refusal("user_not_found");
			return { user: { id: user, name: person.name, profile: { display_name: "Ada L.", real_name: "Ada Lovelace" } } };
		},
		"views.open": ({ trigger_id, view }) => {
			const born = triggers.get(trigger_id);
			triggers.delete(trigger_id);
			if (born === undefined) throw new Refusal("exchanged_trigger_id");
			if (Date.now() - born > 3_000) throw new Refusal("expired_trigger_id");
			const id = `V${++count}`;
			views.push({ id, view });
			return { view: { id, ...view } };
		},
	};

	/** The result of a call, or what is refused of it. */
	const answer = (method: string, form: URLSearchParams, authorization: string | undefined): Record<string, unknown> => {
		if (authorization !== `Bearer ${workspace.token}`) throw new Refusal(authorization ? "invalid_auth" : "not_authed");
		const definition = methods[method as Method];
		if (!definition) {
			defects.push(`unknown method ${method}`);
			throw new Refusal("unknown_method");
		}
		const args = definition.args.safeParse(
			Object.fromEntries([...form].map(([name, value]) => [name, /^[[{]/.test(value) && name !== "text" ? JSON.parse(value) : value])),
		);
		if (!args.success) {
			defects.push(`${method}: ${args.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ")}`);
			throw new Refusal("invalid_arguments");
		}
		calls.push({ method, args: args.data });
		if (definition.scopes.length > 0 && !definition.scopes.some((scope) => scopes.includes(scope)))
			throw new Refusal("missing_scope", { needed: definition.scopes.join(","), provided: scopes.join(",") });
		return run[method as Method](args.data as never);
	};

	const respond = (response: ServerResponse, result: Record<string, unknown>, headers: Record<string, string> = {}) =>
		response
			.writeHead(200, { "content-type": "application/json; charset=utf-8", "x-oauth-scopes": scopes.join(","), ...headers })
			.end(JSON.stringify(result));

	const serve = (request: IncomingMessage, body: Buffer, response: ServerResponse) => {
		const fault = queued.shift() ?? standing;
		if (fault.kind === "drop") return request.socket.resetAndDestroy();
		if (fault.kind === "status") return response.writeHead(fault.status, fault.headers).end(fault.body);
		let result: Record<string, unknown>;
		try {
			const form = new URLSearchParams(body.toString());
			result = { ok: true, ...answer((request.url ?? "").replace("/api/", ""), form, request.headers.authorization) };
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			result = { ok: false, error: error.code, ...error.details };
		}
		if (fault.kind === "cut") return request.socket.resetAndDestroy();
		if (fault.kind === "hang") return;
		return respond(response, fault.body === undefined ? result : { ...result, echo: fault.body }, fault.headers);
	};

	const server = await startHttp(async (request, response) => {
		const body = await readBody(request);
		received.push({ headers: request.headers as Record<string, string>, body });
		serve(request, body, response);
	});

	const envelope = (event: Record<string, unknown>): SlackPost =>
		signPost(
			JSON.stringify({
				...{ token: "legacy", team_id: workspace.team, api_app_id: workspace.appId, type: "event_callback", event },
				...{ event_id: `Ev${++count}`, event_time: Math.floor(Date.now() / 1000) },
				authorizations: [{ team_id: workspace.team, user_id: workspace.botUser, is_bot: true }],
			}),
			"application/json",
			new Date(),
		);
	const interaction = (payload: Record<string, unknown>): SlackPost =>
		signPost(
			`payload=${encodeURIComponent(JSON.stringify({ api_app_id: workspace.appId, team: { id: workspace.team }, ...payload }))}`,
			"application/x-www-form-urlencoded",
			new Date(),
		);
	return {
		url: `${server.url}/api/`,
		received,
		calls,
		defects,
		views,
		addChannel,
		messages: (id = workspace.channel) => known(id).messages,
		grant: (granted = allScopes) => {
			scopes = [...granted];
		},
		behave: (fault: Fault) => {
			standing = fault;
		},
		/** For the next calls, one each; after them it behaves as before. */
		next: (...faults: Fault[]) => void queued.push(...faults),
		envelope,
		challenge: (challenge: string): SlackPost =>
			signPost(JSON.stringify({ type: "url_verification", token: "legacy", challenge }), "application/json", new Date()),
		/** Somebody writes in a thread. */
		reply: (root: string, text: string, said: Record<string, unknown> = {}, id = workspace.channel): SlackPost => {
			const message = { user: person.id, text, ts: nextTs(), thread_ts: root, ...said };
			known(id).messages.push(message);
			return envelope({ type: "message", channel: id, channel_type: "channel", ...message });
		},
		/** Somebody presses a message's button; throws where it has none of that name. */
		click: (message: StoredMessage | undefined, actionId: string, id = workspace.channel): SlackPost => {
			const buttons = message?.blocks?.flatMap((block) => (block.type === "actions" ? block.elements : [])) ?? [];
			const button = buttons.find(({ action_id }) => action_id === actionId);
			if (!button) throw new Error(`There is no button ${actionId}.`);
			const trigger = `trigger-${++count}`;
			triggers.set(trigger, Date.now());
			return interaction({
				...{ type: "block_actions", user: person, trigger_id: trigger, channel: { id }, message },
				actions: [{ ...button, block_id: "b1", action_ts: nextTs() }],
			});
		},
		/** Somebody sends the modal that was opened last. */
		submit: (text: string): SlackPost => {
			const open = views.at(-1);
			if (!open) throw new Error("No modal is open.");
			const state = { values: { answer: { text: { type: "plain_text_input", value: text } } } };
			return interaction({ type: "view_submission", user: person, view: { ...open.view, id: open.id, state } });
		},
		async close() {
			await server.close();
			if (defects.length > 0) throw new Error(`Slack would have refused: ${defects.join(" | ")}`);
		},
	};
};

export type SlackDouble = Awaited<ReturnType<typeof startSlackDouble>>;
