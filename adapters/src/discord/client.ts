import type { AdapterContext, Config, Exchange } from "@agentplanner/contracts";
import { REST, type RouteLike } from "discord.js";
import type { z } from "zod";
import { createMask } from "../mask.ts";
import { createRecordedWire } from "../recorded-wire.ts";
import { apiUrlOf, type DiscordSecrets, type DiscordSettings } from "./config.ts";
import { failureOf } from "./outcome.ts";

type Method = Parameters<REST["request"]>[0]["method"];

export type Call<Shape extends z.ZodType> = {
	method: `${Method}`;
	route: RouteLike;
	/** What the answer must be; what isn't counts as unclear. */
	answer: Shape;
	/** What was attempted, for the reader of a refusal. */
	what: string;
	query?: Record<string, string>;
	body?: object;
	/** A token in the route itself, which stands for the bot's, and which nobody may read. */
	token?: string;
};

/** Calls Discord's API once. Throws AdapterError. */
export type CallDiscord = <Shape extends z.ZodType>(
	call: Call<Shape>,
	signal: AbortSignal,
) => Promise<{ result: z.infer<Shape>; exchange: Exchange }>;

export const createDiscordCaller =
	({ settings, secrets }: Config<DiscordSettings, DiscordSecrets>, context: AdapterContext): CallDiscord =>
	async ({ method, route, answer, what, query, body, token }, signal) => {
		const mask = createMask([secrets.bot_token, ...(token === undefined ? [] : [token])]);
		const { send, seen } = createRecordedWire(context, mask, signal);
		const makeRequest = (url: string, init: { headers?: unknown; body?: unknown }) =>
			send({
				...{ method, url, headers: Object.fromEntries(new Headers(init.headers as Record<string, string>)) },
				body: new TextEncoder().encode(typeof init.body === "string" ? init.body : ""),
			});
		// One for each call: after a 401 it would refuse every other call, and its sweepers would keep it alive.
		const rest = new REST({
			api: apiUrlOf(settings),
			version: "10",
			// Retries are the deliveries': the library's own come at once, and without end where the answer is 429.
			retries: 0,
			rejectOnRateLimit: () => true,
			timeout: 60_000,
			hashSweepInterval: 0,
			handlerSweepInterval: 0,
			makeRequest: makeRequest as never,
		}).setToken(secrets.bot_token);
		try {
			const raw = await rest.request({
				method: method as Method,
				fullRoute: route,
				auth: token === undefined,
				...(query && { query: new URLSearchParams(query) }),
				...(body && { body }),
			});
			return { result: answer.parse(raw), exchange: seen.exchange };
		} catch (error) {
			throw failureOf(error, { what, ...seen, now: context.now() });
		}
	};
