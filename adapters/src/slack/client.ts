import type { AdapterContext, Config, Exchange } from "@agentplanner/contracts";
import { WebClient } from "@slack/web-api";
import { createMask } from "../mask.ts";
import { parseJson } from "../parse-json.ts";
import { createRecordedWire } from "../recorded-wire.ts";
import { apiUrlOf, type SlackSecrets, type SlackSettings } from "./config.ts";
import { failureOf } from "./outcome.ts";

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
		const { send, seen } = createRecordedWire(context, mask, signal);
		const fetch = (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
			const form = String(init?.body);
			const headers = init?.headers as Record<string, string>;
			return send({ method: "POST", url: String(url), headers, body: new TextEncoder().encode(form) }, readable(form));
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
			return { result: (await client.apiCall(method, args)) as Result, exchange: seen.exchange };
		} catch (error) {
			throw failureOf(error, { method, ...seen, now: context.now() });
		}
	};
};
