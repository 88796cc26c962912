import { type AdapterContext, AdapterError, type GuardedSocket } from "@agentplanner/contracts";
import { z } from "zod";
import { FetchError } from "../fetch-error.ts";
import { parseJson } from "../parse-json.ts";
import { unreached } from "./outcome.ts";

/** What Slack says through a line: https://docs.slack.dev/apis/events-api/using-socket-mode */
const Frame = z.discriminatedUnion("type", [
	z.object({ type: z.literal("hello"), connection_info: z.object({ app_id: z.string() }).partial().optional() }),
	z.object({ type: z.literal("disconnect"), reason: z.string().default("") }),
	z.object({ type: z.enum(["events_api", "interactive", "slash_commands"]), envelope_id: z.string(), payload: z.unknown() }),
]);
/** Of a kind that we asked for nothing of; it wants its yes all the same. */
const Other = z.object({ envelope_id: z.string() });

export type Envelope = { type: "events_api" | "interactive" | "slash_commands"; payload: unknown };

/** Resolves with what goes back to Slack together with the yes; rejects where there shall be none. */
export type Handle = (envelope: Envelope) => Promise<unknown>;

/**
 * `ended`: Slack wants it replaced, though it hears until it is left, or it is gone; rejects when no other one would be any better.
 * `leave` lets it finish what it has taken.
 */
export type Line = { ended: Promise<void>; gone: Promise<void>; leave(): void };

const helloMs = 10_000;
const pingEveryMs = 10_000;
/** With the files' names and links, an event may be this long. */
const maxMessageBytes = 4 * 1024 * 1024;

const switchedOff = new AdapterError("unauthorized", "Socket Mode is switched off for this Slack app.", {
	remedy: "In Slack's app settings, Socket Mode, switch it on; then test the integration.",
});
const tooMany = new AdapterError("unavailable", "This Slack app has ten connections already, which is all that Slack allows.", {
	remedy: "Stop other programs that use the same app-level token; each project needs an app of its own.",
});
const silent = new AdapterError("unavailable", "Slack opened a connection, but said no hello.", {
	remedy: "Look at https://slack-status.com; it is tried again by itself.",
});
const anotherApps = (appId: string) =>
	new AdapterError("unauthorized", `The app-level token is of the app ${appId.slice(0, 30)}, and not of this integration's.`, {
		remedy: "Enter the App-Level Token of this integration's Slack app, or its App ID, with Edit.",
	});

type Options = { url: string; appId: string; context: AdapterContext; handle: Handle; signal: AbortSignal };

/** One connection of Socket Mode; resolves once Slack has said hello. Throws AdapterError. */
export const openLine = async ({ url, appId, context, handle, signal }: Options): Promise<Line> => {
	const hello = Promise.withResolvers<void>();
	const ended = Promise.withResolvers<void>();
	const gone = Promise.withResolvers<void>();
	// Nobody may be waiting yet, or any more.
	hello.promise.catch(() => {});
	ended.promise.catch(() => {});
	const leaving = new AbortController();
	let socket: GuardedSocket | null = null;
	const early: string[] = [];
	let busy = 0;
	let left = false;

	const answer = (id: string, payload?: unknown) =>
		socket?.send(JSON.stringify({ envelope_id: id, ...(payload !== undefined && { payload }) }));
	const leaveIfDone = () => {
		if (left && busy === 0) leaving.abort();
	};
	const leave = () => {
		left = true;
		leaveIfDone();
	};
	const end = (error: AdapterError) => {
		hello.reject(error);
		ended.reject(error);
	};
	const onDisconnect = (reason: string) => {
		if (reason === "link_disabled") end(switchedOff);
		else if (reason === "too_many_websockets") end(tooMany);
		else ended.resolve();
	};
	const take = async (id: string, envelope: Envelope): Promise<void> => {
		busy += 1;
		try {
			answer(id, await handle(envelope));
		} catch (error) {
			// Without a yes Slack says it again, or shows whoever pressed that it failed.
			context.log.warn({ detail: error instanceof Error ? error.message : String(error) }, "not taken from Slack");
		} finally {
			busy -= 1;
			leaveIfDone();
		}
	};
	const onMessage = (text: string) => {
		if (!socket) return void early.push(text);
		const message = parseJson(text);
		const frame = Frame.safeParse(message).data;
		if (!frame) {
			const id = Other.safeParse(message).data?.envelope_id;
			if (id) answer(id);
			return;
		}
		if (frame.type === "hello") {
			const theirs = frame.connection_info?.app_id ?? appId;
			if (theirs === appId) hello.resolve();
			else end(anotherApps(theirs));
		} else if (frame.type === "disconnect") onDisconnect(frame.reason);
		else {
			void take(frame.envelope_id, frame);
		}
	};
	const onClose = () => {
		leaving.abort();
		hello.reject(silent);
		gone.resolve();
		ended.resolve();
	};
	try {
		signal.addEventListener("abort", leave, { once: true, signal: leaving.signal });
		if (signal.aborted) leave();
		const init = { signal: leaving.signal, maxMessageBytes, pingEveryMs, onMessage, onClose };
		socket = await context.connect(url, init);
		for (const text of early) onMessage(text);
		const timer = setTimeout(() => hello.reject(silent), helloMs);
		await hello.promise.finally(() => clearTimeout(timer));
	} catch (error) {
		leaving.abort();
		throw error instanceof FetchError ? unreached(error, {}) : error;
	}
	return {
		ended: ended.promise,
		gone: gone.promise,
		leave,
	};
};
