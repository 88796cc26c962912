import type { AdapterContext, Config, Exchange, GuardedResponse } from "@agentplanner/contracts";
import { REST, type RouteLike } from "discord.js";
import type { z } from "zod";
import { recordExchange } from "../exchange.ts";
import { createMask } from "../mask.ts";
import { apiUrlOf, type DiscordSecrets, type DiscordSettings } from "./config.ts";
import { failureOf } from "./outcome.ts";

/** A page of messages with their embeds is larger than the usual bound. */
const maxResponseBytes = 2 * 1024 * 1024;

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
		let exchange: Exchange = {};
		let response: GuardedResponse | null = null;
		// The library's own wire would leave out the address rules, the bounds and the record.
		const makeRequest = async (url: string, init: { headers?: unknown; body?: unknown }) => {
			const headers = Object.fromEntries(new Headers(init.headers as Record<string, string>));
			const sent = new TextEncoder().encode(typeof init.body === "string" ? init.body : "");
			const shown = { method, url, headers, body: sent };
			exchange = recordExchange(shown, null, mask);
			response = await context.fetch(url, { method, headers, signal, maxResponseBytes, ...(sent.length > 0 && { body: sent }) });
			exchange = recordExchange(shown, response, mask);
			return new Response(response.body.length > 0 ? new Uint8Array(response.body) : null, {
				status: response.status,
				headers: response.headers,
			});
		};
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
			return { result: answer.parse(raw), exchange };
		} catch (error) {
			throw failureOf(error, { what, exchange, response, now: context.now() });
		}
	};
