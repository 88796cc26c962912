import { type Args, type Block, type Method, methods } from "./shapes.ts";
import { type Channel, newChannel, people, profiles, type StoredBlock, type StoredMessage, type World, workspace } from "./workspace.ts";

/** Slack's no: HTTP 200 with a code. */
export class Refusal extends Error {
	readonly code: string;
	readonly details: Record<string, unknown>;
	constructor(code: string, details: Record<string, unknown> = {}) {
		super(code);
		this.code = code;
		this.details = details;
	}
}

/**
 * Slack's Web API over a workspace: the methods we use, stateful and strict. A method or argument that Slack doesn't know, or a value it would
 * refuse, is noted in `defects`. `openLine` gives the URL of a new Socket Mode connection.
 */
export const createApi = (world: World, openLine: () => string) => {
	const { channels, views, whispers, triggers, granted, revoked, nextTs, nextId } = world;
	const calls: { method: string; args: Record<string, unknown> }[] = [];
	const defects: string[] = [];

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
		if (member !== people.ada.id) throw new Refusal("user_not_found");
		if (!channels.has(workspace.dialogue)) channels.set(workspace.dialogue, newChannel(workspace.dialogue));
		return workspace.dialogue;
	};
	const writable = (id: string): Channel => {
		const channel = joined(id);
		if (channel.is_archived) throw new Refusal("is_archived");
		return channel;
	};
	/** Slack names the blocks, with new names each time. */
	const named = (blocks: Block[] | undefined): StoredBlock[] | undefined => blocks?.map((block) => ({ ...block, block_id: nextId("b") }));
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
		"apps.connections.open": () => ({ url: openLine() }),
		"auth.test": () => ({ team_id: workspace.team, user_id: workspace.botUser, bot_id: workspace.botId }),
		"chat.postMessage": ({ channel: to, text, blocks, metadata, thread_ts }) => {
			const id = to.startsWith("U") ? conversationWith(to) : to;
			const channel = writable(id);
			if (thread_ts !== undefined && !channel.messages.some(({ ts, thread_ts: root }) => ts === thread_ts && root === undefined))
				throw new Refusal("thread_not_found");
			const ts = nextTs();
			const message: StoredMessage = {
				...{ ts, thread_ts, text, blocks: named(blocks), metadata },
				...{ user: workspace.botUser, app_id: workspace.appId, bot_id: workspace.botId },
			};
			channel.messages.push(message);
			return { channel: id, ts, message };
		},
		"chat.postEphemeral": (whisper) => {
			writable(whisper.channel);
			if (!(whisper.user in profiles)) throw new Refusal("user_not_in_channel");
			whispers.push(whisper);
			return { message_ts: nextTs() };
		},
		"chat.update": ({ channel: id, ts, text, blocks, metadata }) => {
			const message = writable(id).messages.find((candidate) => candidate.ts === ts);
			if (!message) throw new Refusal("message_not_found");
			if (message.app_id !== workspace.appId) throw new Refusal("cant_update_message");
			Object.assign(message, { text, blocks: named(blocks) }, metadata ? { metadata } : {});
			return { channel: id, ts, text };
		},
		"conversations.info": ({ channel: id }) => {
			const { is_member, is_archived } = known(id);
			return { channel: { id, is_member, is_archived } };
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
			if (!(user in profiles)) throw new Refusal("user_not_found");
			return { user: { id: user, ...profiles[user] } };
		},
		"views.open": ({ trigger_id, view }) => {
			const born = triggers.get(trigger_id);
			triggers.delete(trigger_id);
			if (born === undefined) throw new Refusal("exchanged_trigger_id");
			if (Date.now() - born > 3_000) throw new Refusal("expired_trigger_id");
			const id = nextId("V");
			views.push({ id, view });
			return { view: { id, ...view } };
		},
	};

	/** Of the scopes for reading, a conversation with a person takes other ones than a channel. */
	const neededFor = (scopes: readonly string[], channel: string): string[] =>
		scopes.filter((scope) => channel === "" || scope === "chat:write" || scope.startsWith("im:") === channel.startsWith("D"));

	/** The result of a call, or what is refused of it. */
	const answer = (method: string, form: URLSearchParams, authorization: string | undefined): Record<string, unknown> => {
		const token = method === "apps.connections.open" ? workspace.appToken : workspace.token;
		if (authorization !== `Bearer ${token}`) throw new Refusal(authorization ? "invalid_auth" : "not_authed");
		if (revoked.has(token)) throw new Refusal("token_revoked");
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
		const needed = neededFor(definition.scopes, "channel" in args.data ? args.data.channel : "");
		if (needed.length > 0 && !needed.some((scope) => granted.has(scope)))
			throw new Refusal("missing_scope", { needed: needed.join(","), provided: [...granted].join(",") });
		return run[method as Method](args.data as never);
	};

	return { calls, defects, answer };
};
