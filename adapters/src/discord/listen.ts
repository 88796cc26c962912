import { type AdapterContext, AdapterError, type Config, type Listening } from "@agentplanner/contracts";
import { GatewayIntentBits, Routes } from "discord.js";
import { z } from "zod";
import { missedMessages } from "./catch-up.ts";
import type { CallDiscord } from "./client.ts";
import type { DiscordSecrets, DiscordSettings } from "./config.ts";
import { broken, failureOfEnd, unstored } from "./gateway-end.ts";
import { type GatewayEvent, holdLine, type LineEnd } from "./gateway-line.ts";
import { createEars } from "./hear.ts";
import { readSaved, type Session, writeSaved } from "./saved-session.ts";

const Gateway = z.object({ url: z.string(), session_start_limit: z.object({ remaining: z.int(), reset_after: z.number() }) });
const Ready = z.object({ session_id: z.string(), resume_gateway_url: z.string(), user: z.object({ id: z.string() }) });

/** Discord allows 1,000 new sessions a day, and resets the token of who begins more; the last ones are left for a person. */
const sessionsKept = 50;
/** Between two savings of where we are, when nothing was stored: what is heard again does no harm. */
const saveEveryMs = 30_000;
/** So many lines in a row that held no longer than this, and somebody else decides when to try again. */
const mostShortLines = 3;
const shortMs = 5_000;
/** Discord forgets a session within minutes, and its address may be gone as well. */
const sessionLivesMs = 3_600_000;

const intentsOf = ({ gateway }: DiscordSettings): number => {
	const { Guilds, GuildMessages, DirectMessages, MessageContent } = GatewayIntentBits;
	return Guilds | GuildMessages | DirectMessages | (gateway === "all" ? MessageContent : 0);
};

/** Hears through Discord's gateway until `signal` aborts: takes its session up again as often as it takes, and begins at most one new one. */
export const listenDiscord = async (
	{ settings, secrets }: Config<DiscordSettings, DiscordSecrets>,
	context: AdapterContext,
	call: CallDiscord,
	listening: Listening,
	signal: AbortSignal,
): Promise<void> => {
	const ears = createEars({ settings, call, log: context.log, receive: listening.receive });
	let { session, heardUntil } = readSaved(listening.session);
	let hasBegun = false;
	let isAlive = false;
	let savedAt = context.now().getTime();

	const save = async (): Promise<void> => {
		savedAt = context.now().getTime();
		await listening.saveSession(writeSaved({ session, heardUntil }));
	};

	/** True: something came of it that is worth saving at once. */
	const hearEvent = async ({ name, data }: GatewayEvent, current: Session | null): Promise<boolean> => {
		isAlive = true;
		if (name === "READY") {
			const { session_id: id, resume_gateway_url: url, user } = Ready.parse(data);
			session = { id, url, sequence: 0, botId: user.id, missedSince: heardUntil };
		}
		if (name === "READY" || name === "RESUMED") listening.report(null);
		if (name === "READY") return true;
		if (name === "INTERACTION_CREATE") return ears.press(data, signal);
		if (!current) return false;
		if (name === "MESSAGE_CREATE") return ears.message(data, current.botId, signal);
		if (name !== "GUILD_CREATE" || !current.missedSince) return false;
		const missed = await missedMessages(call, data, current.missedSince, context.log, signal);
		for (const message of missed) await ears.message(message, current.botId, signal);
		return true;
	};

	/** Where a new session begins, if there are any left to begin. */
	const beginning = async (): Promise<string> => {
		const what = "to say where its gateway is";
		const { result } = await call({ method: "GET", route: Routes.gatewayBot(), answer: Gateway, what }, signal);
		const { remaining, reset_after } = result.session_start_limit;
		if (remaining > sessionsKept) return result.url;
		throw new AdapterError("rate_limited", "The bot has begun nearly as many sessions as Discord allows in a day.", {
			remedy: "Look whether another program uses the same bot token. Nothing else to do; it goes on when Discord allows it.",
			retryAfterMs: reset_after,
		});
	};

	const openingOf = () => {
		const token = secrets.bot_token;
		if (session) return { op: 6, d: { token, session_id: session.id, seq: session.sequence } };
		const properties = { os: "linux", browser: "agentplanner", device: "agentplanner" };
		return { op: 2, d: { token, intents: intentsOf(settings), properties } };
	};

	/** Holds one line and deals with its events one after the other, so that everything up to the sequence is stored. */
	const holdOnce = async (): Promise<LineEnd> => {
		const url = session?.url ?? (await beginning());
		hasBegun ||= session === null;
		const stop = new AbortController();
		let failure: unknown = null;
		let dealtWith = Promise.resolve();
		const dealWith = async (event: GatewayEvent): Promise<void> => {
			if (failure !== null) return;
			try {
				const isWorthSaving = await hearEvent(event, session);
				if (session) session.sequence = event.sequence;
				heardUntil = context.now();
				if (isWorthSaving || heardUntil.getTime() - savedAt >= saveEveryMs) await save();
			} catch (error) {
				failure = error;
				stop.abort();
			}
		};
		const end = await holdLine({
			...{ connect: context.connect, url, opening: openingOf(), sequence: session?.sequence ?? null },
			onEvent: (event) => {
				dealtWith = dealtWith.then(() => dealWith(event));
			},
			signal: AbortSignal.any([signal, stop.signal]),
		});
		await dealtWith;
		if (failure !== null) throw failure instanceof AdapterError ? failure : unstored(failure);
		if (end.wasUp) heardUntil = context.now();
		return end;
	};

	try {
		for (let shortLines = 0; !signal.aborted; ) {
			const beganAt = context.now().getTime();
			const hadSession = session !== null;
			const { code, wasUp, invalid } = await holdOnce();
			if (signal.aborted) return;
			const { failure, isSessionOver } = failureOfEnd(code, settings);
			if (invalid || isSessionOver) session = null;
			if (failure) throw failure;
			shortLines = context.now().getTime() - beganAt < shortMs ? shortLines + 1 : 0;
			// A session that can't be taken up any more is followed by a new one at once; everything else that fails waits.
			const isStale = hadSession && session === null && !hasBegun;
			if (!isStale && (!wasUp || session === null || shortLines > mostShortLines)) throw broken(code);
			listening.report(`Discord's gateway closed the line (${code}); it is being taken up again.`);
		}
	} catch (error) {
		if (signal.aborted) return;
		const isOld = heardUntil !== null && context.now().getTime() - heardUntil.getTime() > sessionLivesMs;
		if (!isAlive && isOld) session = null;
		throw error;
	} finally {
		await save();
	}
};
