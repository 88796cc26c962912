import { AdapterError, type AdapterErrorKind, type Exchange, type GuardedResponse } from "@agentplanner/contracts";
import { z } from "zod";
import { parseJson } from "../parse-json.ts";
import { type Platform, platformUnreached } from "../platform-unreached.ts";
import { retryAfterMs } from "../retry-after.ts";
import { verdicts } from "./verdicts.ts";

const again = "it is tried again by itself";
const platform: Platform = { name: "Discord", host: "discord.com", statusPage: "https://discordstatus.com" };
const status = `Look at ${platform.statusPage}; ${again}.`;

/** What is said with 429 and no delay, as Discord's shield does it, is waited out for this long. */
const unsaidWaitMs = 60_000;
const leastWaitMs = 1_000;

/** Discord's number for why it refused, kept for callers that can do without what was refused. */
export class DiscordRefusal extends AdapterError {
	override name = "DiscordRefusal";
	readonly code: number;
	constructor(code: number, ...rest: ConstructorParameters<typeof AdapterError>) {
		super(...rest);
		this.code = code;
	}
}

const Said = z.object({ code: z.number(), message: z.string().catch(""), retry_after: z.number().optional() });
const Limit = z.object({ retry_after: z.number() });

const saidIn = <Shape extends z.ZodType>(shape: Shape, { body }: GuardedResponse): z.infer<Shape> | null =>
	shape.safeParse(parseJson(body)).data ?? null;

const waitOf = (response: GuardedResponse, now: Date): number => {
	const inBody = saidIn(Limit, response)?.retry_after;
	const said = inBody === undefined ? retryAfterMs(response.headers["retry-after"], now) : Math.ceil(inBody * 1_000);
	return said === null ? unsaidWaitMs : Math.max(said, leastWaitMs);
};

/** What a call that failed means: by what the wire said, first by its status. The library's own errors hold the body, so none is kept as the cause. */
export const failureOf = (
	error: unknown,
	{ what, exchange, response, now }: { what: string; exchange: Exchange; response: GuardedResponse | null; now: Date },
): AdapterError => {
	if (!response) return platformUnreached(error, exchange, platform);
	if (response.status === 429)
		return new AdapterError("rate_limited", "Discord answered 429: it wants fewer messages for now.", {
			remedy: `Nothing to do; ${again} when Discord allows it.`,
			retryAfterMs: waitOf(response, now),
			exchange,
		});
	if (response.status === 401)
		return new AdapterError("unauthorized", "Discord refused the bot token: it is wrong, or was reset.", {
			remedy: "In Discord's Developer Portal, Bot, press Reset Token and enter the new one here with Edit; then test it.",
			exchange,
		});
	const said = response.status >= 400 && response.status < 500 ? saidIn(Said, response) : null;
	return said ? refused(said, what, response, now, exchange) : unreadable(response.status, exchange);
};

const refused = (said: z.infer<typeof Said>, what: string, response: GuardedResponse, now: Date, exchange: Exchange): AdapterError => {
	const { kind, why, remedy } = verdicts[said.code] ?? {
		kind: "rejected" satisfies AdapterErrorKind as AdapterErrorKind,
		why: "it refuses this message",
		remedy:
			"Read Discord's response below, mend what it names, then press Retry now; if the message itself is at fault, report it as a defect.",
	};
	return new DiscordRefusal(said.code, kind, `Discord refused ${what}: ${why} (${said.code}).`, {
		remedy,
		retryAfterMs: kind === "rate_limited" ? waitOf(response, now) : null,
		exchange,
	});
};

const unreadable = (code: number, exchange: Exchange): AdapterError => {
	if (code >= 300 && code < 500)
		return new AdapterError("unavailable", `Discord's address answered ${code} without saying why, which its API doesn't do.`, {
			remedy: `Check the API address and any proxy between, and whether Discord blocks this server's address; ${again}.`,
			exchange,
		});
	const said = code < 300 ? "something that can't be read" : String(code);
	return new AdapterError("unavailable", `Discord answered ${said}.`, { remedy: status, mayHaveBeenAccepted: true, exchange });
};
