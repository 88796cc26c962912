import type { Block, Metadata, View } from "./shapes.ts";

export const workspace = {
	team: "T0AGENTPLAN",
	appId: "A0AGENTPLAN",
	botUser: "U0PLANNERBOT",
	botId: "B0PLANNERBOT",
	channel: "C0QUESTIONS",
	/** Between the app and the person. */
	dialogue: "D0ADALOVEL",
	token: "xoxb-1234567890-abcdefghijklmnop",
	appToken: "xapp-1-A0AGENTPLAN-1234567890-abcdef0123456789",
	signingSecret: "8f742231b10e8888abcd99yyyzzz85a5",
};

export const people = { ada: { id: "U0ADALOVEL", name: "ada" }, grace: { id: "U0GRACEHOP", name: "grace" } };
export type Person = (typeof people)["ada"] & { team_id?: string };
/** What `users.info` tells of them. */
export const profiles: Record<string, object> = {
	[people.ada.id]: { name: "ada", profile: { display_name: "Ada L.", real_name: "Ada Lovelace" } },
	[people.grace.id]: { name: "grace", profile: { display_name: "", real_name: "Grace Hopper" } },
};

export type StoredBlock = Block & { block_id: string };

export type StoredMessage = {
	ts: string;
	thread_ts?: string | undefined;
	user: string;
	text: string;
	app_id?: string;
	bot_id?: string;
	blocks?: StoredBlock[] | undefined;
	metadata?: Metadata | undefined;
};
export type Channel = { id: string; is_member: boolean; is_archived: boolean; messages: StoredMessage[] };

export const newChannel = (id: string, state: Partial<Channel> = {}): Channel => ({
	...{ id, is_member: true, is_archived: false, messages: [] },
	...state,
});

/** What one person was shown, and nobody else. */
type Whisper = { channel: string; user: string; text: string; blocks?: Block[] | undefined; thread_ts?: string | undefined };

export const allScopes = [
	"chat:write",
	"channels:read",
	"groups:read",
	"channels:history",
	"groups:history",
	"users:read",
	"im:write",
	"im:history",
	"commands",
];

/** What a workspace holds, for the API that works on it and the people who act in it. */
export const createWorld = () => {
	let clock = Date.now() * 1_000;
	let count = 0;
	const views: { id: string; view: View }[] = [];
	const whispers: Whisper[] = [];
	return {
		channels: new Map([[workspace.channel, newChannel(workspace.channel)]]),
		views,
		whispers,
		/** Where each command was written, and how often its answer's address was used. */
		hooks: new Map<string, { channel: string; user: string; used: number }>(),
		/** When each press was made that may still open a view. */
		triggers: new Map<string, number>(),
		/** What the app may do. */
		granted: new Set(allScopes),
		/** Tokens that are good no more. */
		revoked: new Set<string>(),
		nextTs: () => {
			clock += 1;
			return `${Math.floor(clock / 1_000_000)}.${String(clock % 1_000_000).padStart(6, "0")}`;
		},
		nextId: (prefix: string) => {
			count += 1;
			return prefix + count;
		},
	};
};
export type World = ReturnType<typeof createWorld>;
