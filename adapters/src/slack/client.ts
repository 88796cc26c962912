import type { AdapterContext, Config, Exchange, GuardedResponse } from "@agentplanner/contracts";
import { WebClient } from "@slack/web-api";
import { recordExchange } from "../exchange.ts";
import { createMask } from "../mask.ts";
import { parseJson } from "../parse-json.ts";
import { apiUrlOf, type SlackSecrets, type SlackSettings } from "./config.ts";
import { failureOf } from "./outcome.ts";

/** A page of messages with their blocks is larger than the usual bound. */
const maxResponseBytes = 2 * 1024 * 1024;

export type Answer<Result> = { result: Result; exchange: Exchange };

/** Calls one method of Slack's Web API, once. Throws AdapterError. */
export type CallSlack = <Result>(method: string, args: Record<string, unknown>, signal: AbortSignal) => Promise<Answer<Result>>;

const silent = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, getLevel: () => "error" as never, setName() {} };

/** The form as a person can read it: its fields, those that hold JSON opened up. */
const readable = (form: string): Uint8Array => {
	const fields = [...new URLSearchParams(form)].map(([name, value]) => [name, /^[[{]/.test(value) ? (parseJson(value) ?? value) : value]);
	return new TextEncoder().encode(JSON.stringify(Object.fromEntries(fields), null, 1));
};

/** `token`: the app's bot token, where no other is given. */
export const createSlackCaller = (
	{ settings, secrets }: Config<SlackSettings, SlackSecrets>,
	context: AdapterContext,
	token = secrets.bot_token,
): CallSlack => {
	const mask = createMask(Object.values(secrets).filter((secret) => secret !== undefined));
	return async <Result>(method: string, args: Record<string, unknown>, signal: AbortSignal) => {
		let exchange: Exchange = {};
		let response: GuardedResponse | null = null;
		// The library's own wire would leave out the address rules, the bounds and the record.
		const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
			const url = String(input);
			const headers = init?.headers as Record<string, string>;
			const form = String(init?.body);
			const shown = { method: "POST", url, headers, body: readable(form) };
			exchange = recordExchange(shown, null, mask);
			response = await context.fetch(url, { method: "POST", headers, body: new TextEncoder().encode(form), signal, maxResponseBytes });
			exchange = recordExchange(shown, response, mask);
			return new Response(response.body.length > 0 ? new Uint8Array(response.body) : null, {
				status: response.status,
				headers: response.headers,
			});
		};
		const client = new WebClient(token, {
			slackApiUrl: apiUrlOf(settings),
			allowAbsoluteUrls: false,
			// Retries are the deliveries': the library's own would post a message again that Slack has.
			retryConfig: { retries: 0 },
			rejectRateLimitedCalls: true,
			logger: silent,
			fetch,
		});
		try {
			return { result: (await client.apiCall(method, args)) as Result, exchange };
		} catch (error) {
			throw failureOf(error, { method, exchange, response, now: context.now() });
		}
	};
};
