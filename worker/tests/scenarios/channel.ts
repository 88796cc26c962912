import type { Receipt } from "@agentplanner/contracts";

/** A message of ours on the platform. */
export type Sent = { deliveryId: string; receipt: Receipt };

/** As it stands there now; `open`: something on it can be pressed to answer. */
export type Shown = { text: string; open: boolean };

/** What some channels can and others can't. */
export type Abilities = {
	/** Somebody presses the button, and sends the form that it opens. */
	form(sent: Sent, text: string): Promise<void>;
	/** Whoever is there says something unasked: beside another answer, or after the end. */
	speakUp(sent: Sent, text: string): Promise<void>;
	/** The agent asks in return. */
	askBack(sent: Sent, question: string): Promise<void>;
	/** Somebody takes an option of a decision; the press is made before anything is waited for. */
	press(sent: Sent, option: string): Promise<void>;
	shown(sent: Sent): Promise<Shown>;
	/** Whether the agent knows that nobody waits for it any more. */
	stopped(sent: Sent): boolean;
	/** What was said to somebody alone, in order. */
	told(): string[];
	wire: {
		/** The next message is lost on its way (`drop`), or arrives, and the word of that is lost (`cut`). Returns what mends it. */
		break(how: "cut" | "drop"): () => void;
		/** How often a question stands there. */
		copies(question: string): number;
	};
};

export type Lacks = { lacks: string };

/** Says why a channel can't: shown where its scenarios are skipped. */
export const lacks = (why: string): Lacks => ({ lacks: why });

/** A channel that an integration can lead to. Answers come twice where the platform may repeat itself. */
export type Opened = { [Name in keyof Abilities]: Abilities[Name] | Lacks } & {
	settings: Record<string, unknown>;
	secrets: Record<string, string>;
	address: string;
	/** Who presses there, by the platform's id. */
	person: string;
	/** The usual answer: a reply below the message, or what the agent comes to. */
	reply(sent: Sent, text: string): Promise<void>;
	/** How soon after its end a message says so, or its agent stops; two seconds where nothing is said. */
	closesWithinMs?: number;
	close(): Promise<void>;
};

/** Posts to the integration's ingress. */
export type Post = (post: { headers: Record<string, string>; body: string }) => Promise<{ status: number; body: unknown }>;

export type OpenChannel = (post: Post) => Promise<Opened>;
