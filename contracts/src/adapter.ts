import type { z } from "zod";
import type { DecisionOption, DecisionStatus } from "./decision-terms.ts";
import type { Exchange } from "./deliveries.ts";
import type { Setup } from "./integrations.ts";
import type { MessageContent } from "./messages.ts";
import type { RequestStatus } from "./requests.ts";
import type { DecisionAsk } from "./responses.ts";

/** What the platform gave back for an accepted message; what has no `platformId` can't be spoken of nor rewritten there. */
export type Receipt = { platformId: string | null; data?: Record<string, unknown> };

/** Where and with what token the agent answers; the token works for this one request. */
export type ReplyAddress = { url: string; token: string };

/**
 * One message to one address, which may also be a person, as `personAddress` writes it. `key` is the delivery's id, the same on every attempt and replay. `link`: the page where people read
 * it, or decide it: opening it decides nothing. `thread`: the message that a reply belongs to, where the platform has it. `traceparent` (W3C) carries the trace of what caused
 * it to the platform.
 */
export type OutboundMessage = {
	key: string;
	address: string;
	content: MessageContent;
	reply: ReplyAddress | null;
	link: string | null;
	thread: Receipt | null;
	traceparent?: string | null;
};

/** What a payload may have; what is larger is not kept, and no webhook carries it. */
export const maxPayloadBytes = 262_144;

/** A person on the platform, by the id that stays the same there. */
export type PlatformPerson = { id: string; name: string };

/** The address of a person on the platform, for adapters that can write to one directly; a channel's never looks like it. */
export const personAddress = (personId: string): string => `@${personId}`;

/** Whom such an address means; null: it is a channel's. */
export const personOf = (address: string): string | null => (/^@\S+$/.test(address) ? address.slice(1) : null);

/** How to say something that only the one person hears; of the adapter's own making, good for minutes at least. */
export type Ear = Record<string, unknown>;

/** Said into somebody's ear. `items`: what is listed below the text. `link`: a button that opens a page of ours. */
export type Whisper = { text: string; items?: WhisperItem[]; link?: { label: string; url: string } };

/** One line of a list: a page of ours, what it is about, and until when it waits. */
export type WhisperItem = { title: string; about: string; due: string | null; url: string };

/**
 * Something an agent or person did on the platform. `externalId` is stable: a replayed delivery of it carries the same. What an
 * agent says may have none (null): then equal content counts once, as at the reply URL. `command`: a person wrote our command, with
 * `words` after it, in the channel of that address.
 */
export type Inbound =
	| {
			type: "answer" | "declined" | "input_required" | "working";
			externalId: string | null;
			deliveryId: string;
			text: string;
			author: string | null;
			ear?: Ear;
	  }
	| { type: "decision_required"; externalId: string | null; deliveryId: string; text: string; author: string | null; ask: DecisionAsk }
	| { type: "decision"; externalId: string; deliveryId: string; option: string; comment: string; person: PlatformPerson; ear?: Ear }
	| { type: "command"; externalId: string; words: string; address: string; person: PlatformPerson; ear: Ear }
	| { type: "removed"; externalId: string; reason: string };

/**
 * Said under some message, perhaps one of ours: core finds it by its receipt's `platformId`; `address` is the one it was sent to.
 * `author` may be an id, for `nameOf`.
 */
export type ThreadReply = {
	type: "thread_reply";
	externalId: string;
	platformId: string;
	address: string;
	text: string;
	author: string | null;
	ear?: Ear;
};

/** What comes in by itself, and not in the answer to a call of ours. */
export type Received = Inbound | ThreadReply;

/**
 * `inbound`: what the agent said in the same breath, if anything. `note`: what a person should know of it all the same. `collectInMs`:
 * when `collect` shall look for the answer first, where it doesn't come by itself.
 */
export type SendResult = { receipt: Receipt; inbound: Inbound[]; exchange?: Exchange; note?: string; collectInMs?: number };

/** What was there, and when to look again; null: nothing more will come. */
export type Collected = { inbound: Inbound[]; againInMs: number | null };

/** How a message's story ended elsewhere, for rewriting its card or stopping its agent. Of a decision: what it came to, when, and why. */
export type Closing = {
	status: RequestStatus | DecisionStatus;
	summary: string;
	answer: { from: string; text: string } | null;
	option?: DecisionOption | null;
	at?: string | null;
	comment?: string;
};

/** `kind`: what sending would have met, where the check knows; of these only `unauthorized` keeps messages back. */
export type CheckResult = { problem: string; remedy: string; kind?: AdapterErrorKind }[];

/** `found`: the platform has it, with `collectInMs` as of a send; `absent`: it can be sent again, with what a person should know of that; `unclear`: nobody can tell. */
export type FindResult =
	| { state: "found"; receipt: Receipt; collectInMs?: number }
	| { state: "absent"; note?: string }
	| { state: "unclear" };

export type Connection = {
	/**
	 * What is sent, as JSON; pure. The first attempt's is kept, and all others send that. Throws AdapterError of kind `rejected` for a
	 * message that isn't for this platform.
	 */
	compose(message: OutboundMessage): string;
	/** One attempt, at what `compose` made of it. Resolves when the platform accepted; throws AdapterError otherwise. */
	send(message: OutboundMessage, payload: string, signal: AbortSignal): Promise<SendResult>;
	/** Rewrites a message whose story has ended. */
	update?(receipt: Receipt, message: OutboundMessage, closing: Closing, signal: AbortSignal): Promise<void>;
	/** Stops whoever works on a message that was taken back. */
	cancel?(receipt: Receipt, message: OutboundMessage, closing: Closing, signal: AbortSignal): Promise<void>;
	/** Looks for a message that an attempt begun at `since` or later may have left there. */
	find?(message: OutboundMessage, since: Date, signal: AbortSignal): Promise<FindResult>;
	/** Looks for an answer that has to be fetched; never waits long for it. */
	collect?(receipt: Receipt, message: OutboundMessage, signal: AbortSignal): Promise<Collected>;
	/** Says something that only the one person hears, such as why a press of a button did nothing. */
	tell?(ear: Ear, whisper: Whisper, signal: AbortSignal): Promise<void>;
	/**
	 * Hears what the platform says until `signal` aborts, for adapters whose `listens` says so. Reconnects by itself as the platform wants it;
	 * throws AdapterError when it can't go on: `unauthorized` waits for a person, everything else is begun again later.
	 */
	listen?(listening: Listening, signal: AbortSignal): Promise<void>;
	/** What people call the author of a thread reply, of whom the platform told but an id; null: nobody knows. */
	nameOf?(author: string, signal: AbortSignal): Promise<string | null>;
	/** Makes the call that `parse` asked for. */
	callNow?(call: ImmediateCall, signal: AbortSignal): Promise<void>;
	/** Live check, also of the addresses that routes lead to; an empty list means healthy. */
	check(addresses: readonly string[], signal: AbortSignal): Promise<CheckResult>;
	close(): Promise<void>;
};

/** What the worker gives to whoever listens. One process at a time listens for an integration. */
export type Listening = {
	/** Resolves once it is stored: only then may the platform hear that it arrived. Rejects where it can't be stored. */
	receive(received: Received[]): Promise<void>;
	/** What the last listener saved, such as a session to resume; perhaps in another process, and with other settings or secrets. */
	session: Record<string, unknown> | null;
	saveSession(session: Record<string, unknown> | null): Promise<void>;
	/** Says that the line is up (null), or what is wrong with it while it is being mended. */
	report(problem: string | null): void;
};

/** The guarded HTTP client: an address that a user typed is dialled in no other way. Never follows redirects, never decompresses. */
export type GuardedFetch = (
	url: string,
	init: { method: string; headers: Record<string, string>; body?: Uint8Array; signal: AbortSignal; maxResponseBytes?: number },
) => Promise<GuardedResponse>;

/** `body` holds at most 64 KiB, or what was asked for; `truncated` says that there was more, or that the peer stopped in the middle. */
export type GuardedResponse = { status: number; headers: Record<string, string>; body: Uint8Array; truncated: boolean };

/**
 * The guarded WebSocket client, for ws, wss, http and https URLs under the same rules. Resolves once it is open; `signal` ends it whenever it aborts.
 * `onMessage` and `onClose` must not throw; the latter is called once, whoever closed.
 */
export type GuardedConnect = (
	url: string,
	init: {
		headers?: Record<string, string>;
		signal: AbortSignal;
		/** What is longer closes the connection; 1 MiB where nothing is said. */
		maxMessageBytes?: number;
		/** Sends a ping so often; when nothing at all came since the last one, the peer is gone and the connection is cut. */
		pingEveryMs?: number;
		onMessage(text: string): void;
		onClose(code: number, reason: string): void;
	},
) => Promise<GuardedSocket>;

/** `send` into a connection that is closed does nothing, since `onClose` tells. `code`: said to the peer, 1000 or 3000 to 4999. */
export type GuardedSocket = { send(text: string): void; close(code?: number): void };

export type AdapterLog = { info(fields: object, message: string): void; warn(fields: object, message: string): void };

export type AdapterContext = { fetch: GuardedFetch; connect: GuardedConnect; log: AdapterLog; now: () => Date };

/** The one call that a platform doesn't let wait for the worker, as Slack's `views.open`; losing it harms nothing. */
export type ImmediateCall = { method: string; arguments: Record<string, unknown> };

/** `reply.body` null: an empty body. */
export type Parsed = { inbound: Received[]; reply?: { status: number; body: unknown }; now?: ImmediateCall };

export type IngressRequest = { method: string; headers: Record<string, string>; rawBody: Uint8Array };

export type Config<Settings, Secrets> = { settings: Settings; secrets: Secrets };

/** One channel kind. No database, no environment, no retry and no sleep inside. */
export type Adapter<Settings extends z.ZodType = z.ZodType, Secrets extends z.ZodType = z.ZodType> = {
	id: string;
	label: string;
	settings: Settings;
	/** Values are strings; encrypted at rest and masked everywhere. */
	secrets: Secrets;
	/** What an address in a route is (a channel, a thread); without it the integration itself is the one address. `optional`: none is one, too. */
	address?: { label: string; description: string; optional?: true };
	/** For the set-up wizard; the whole guide is `docs/<id>.md`. */
	setup?: Setup;
	/** Secrets the adapter can make itself when none are given. */
	createSecrets?(): Record<string, string>;
	/** The secret that can be changed while receivers still hold the old one, which lives on as `previous`. */
	rotation?: { secret: string; previous: string };
	/** May be sent events. */
	takesEvents?: true;
	/** What it makes is nobody else's: not even shown once. */
	keepsSecrets?: true;
	/** Addresses of the user's that messages go to, each with its field in the settings; judged when they are saved. */
	urls?(settings: z.infer<Settings>): { field: string; url: string }[];
	/** What an account on the platform is called there; unique in the installation. Null: any number of integrations may share it. */
	externalAccount?(settings: z.infer<Settings>): string | null;
	/** For adapters without `find`: may a message whose fate is unknown be sent again under the same key? */
	redelivery: "safe" | "ask";
	/** Whether this configuration hears through a connection of its own (Slack's Socket Mode, Discord's gateway), without a public URL. */
	listens?(config: Config<z.infer<Settings>, z.infer<Secrets>>): boolean;
	open(config: Config<z.infer<Settings>, z.infer<Secrets>>, context: AdapterContext): Promise<Connection>;
	/** Proves who sent a request to our ingress; throws AdapterError of kind `unauthorized`. */
	verify?(request: IngressRequest, config: Config<z.infer<Settings>, z.infer<Secrets>>, now: Date): void;
	/** Reads a verified payload; pure; `inbound` is empty for the platform's own chatter. `now` is called after storing, before the answer. */
	parse?(request: IngressRequest, config: Config<z.infer<Settings>, z.infer<Secrets>>): Parsed;
};

/** The adapter of whatever has a URL, and its configuration for one. */
export type UrlChannel = {
	adapter: Adapter;
	configOf(to: { url: string; authorization?: string | undefined }): Config<Record<string, unknown>, Record<string, string>>;
};

export type AdapterErrorKind = "rejected" | "unauthorized" | "rate_limited" | "unavailable";

/**
 * Why one attempt failed. `rejected` stops this message; `unauthorized` holds the integration; `rate_limited` waits
 * `retryAfterMs`; `unavailable` is tried again. `gone` (HTTP 410) disables the integration at once.
 */
export class AdapterError extends Error {
	override name = "AdapterError";
	readonly kind: AdapterErrorKind;
	/** True when the platform may have accepted the message all the same: the delivery becomes `unknown`. */
	readonly mayHaveBeenAccepted: boolean;
	readonly retryAfterMs: number | null;
	readonly gone: boolean;
	readonly remedy: string;
	readonly exchange: Exchange | null;

	constructor(
		kind: AdapterErrorKind,
		message: string,
		details: {
			remedy: string;
			mayHaveBeenAccepted?: boolean;
			retryAfterMs?: number | null;
			gone?: boolean;
			exchange?: Exchange | null;
			cause?: unknown;
		},
	) {
		super(message, { cause: details.cause });
		this.kind = kind;
		this.remedy = details.remedy;
		this.mayHaveBeenAccepted = details.mayHaveBeenAccepted ?? false;
		this.retryAfterMs = details.retryAfterMs ?? null;
		this.gone = details.gone ?? false;
		this.exchange = details.exchange ?? null;
	}
}
