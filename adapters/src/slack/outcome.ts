import { AdapterError, type AdapterErrorKind, type Exchange, type GuardedResponse } from "@agentplanner/contracts";
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from "@slack/web-api";
import { type Platform, platformUnreached } from "../platform-unreached.ts";
import { retryAfterMs } from "../retry-after.ts";

const again = "it is tried again by itself";
const platform: Platform = { name: "Slack", host: "slack.com", statusPage: "https://slack-status.com" };

/** What Slack says with 429 and no Retry-After is waited out for this long. */
const unsaidWaitMs = 30_000;

/** Slack's word for why it refused, kept for callers that can do without what was refused. */
export class SlackRefusal extends AdapterError {
	override name = "SlackRefusal";
	readonly code: string;
	constructor(code: string, ...rest: ConstructorParameters<typeof AdapterError>) {
		super(...rest);
		this.code = code;
	}
}

type Verdict = { kind: AdapterErrorKind; why: string; remedy: string; mayHaveBeenAccepted?: boolean };

const credential: Omit<Verdict, "why"> = {
	kind: "unauthorized",
	remedy:
		"In Slack's app settings, OAuth & Permissions, reinstall the app and enter its Bot User OAuth Token here with Edit; then test it.",
};
const policy: Omit<Verdict, "why"> = {
	kind: "unauthorized",
	remedy: "Ask an administrator of the Slack workspace to allow the app, then test the integration.",
};
const unclear: Verdict = {
	kind: "unavailable",
	why: "Slack has trouble",
	remedy: `Look at ${platform.statusPage}; ${again}.`,
	mayHaveBeenAccepted: true,
};
const restricted: Verdict = {
	kind: "rejected",
	why: "only some people may post in this channel",
	remedy: "Let the app post there in the channel's settings, then press Retry now; or choose another channel and send anew.",
};
const threadGone: Verdict = {
	kind: "rejected",
	why: "the message that this belongs to is gone or can't be changed",
	remedy: "Nothing to do: open the request in AgentPlanner to see where it stands.",
};

/** By Slack's code: https://docs.slack.dev/reference/methods/chat.postMessage */
const verdicts: Record<string, Verdict> = {
	ratelimited: { kind: "rate_limited", why: "it wants fewer messages for now", remedy: `Nothing to do; ${again} when Slack allows it.` },
	invalid_auth: { ...credential, why: "the bot token is wrong" },
	not_authed: { ...credential, why: "no bot token came with the call" },
	account_inactive: { ...credential, why: "the app was removed from the workspace" },
	token_revoked: { ...credential, why: "the bot token was revoked" },
	token_expired: { ...credential, why: "the bot token has expired" },
	org_login_required: { ...policy, why: "the workspace is being moved to an organisation" },
	two_factor_setup_required: { ...policy, why: "the workspace demands two-factor sign-in first" },
	no_permission: { ...policy, why: "the app may not do this" },
	not_allowed_token_type: { ...credential, why: "this is not a bot token" },
	access_denied: { ...policy, why: "the workspace doesn't allow it" },
	accesslimited: { ...policy, why: "access to the workspace is limited" },
	team_access_not_granted: { ...policy, why: "the app isn't granted this workspace" },
	ekm_access_denied: { ...policy, why: "the workspace's key administrator has suspended it" },
	message_limit_exceeded: { ...policy, why: "the workspace has reached its limit of messages" },
	channel_not_found: {
		kind: "rejected",
		why: "it knows no such channel, or the channel is private and the app is not in it",
		remedy: "Invite the app there (/invite @AgentPlanner), then press Retry now; if the channel's id is wrong, correct it and send anew.",
	},
	not_in_channel: {
		kind: "rejected",
		why: "the app is not in this channel",
		remedy: "Write /invite @AgentPlanner in the channel, then press Retry now.",
	},
	is_archived: {
		kind: "rejected",
		why: "the channel is archived",
		remedy: "Unarchive it, then press Retry now; or choose another channel and send anew.",
	},
	messages_tab_disabled: {
		kind: "rejected",
		why: "the app takes no direct messages",
		remedy: "Switch the Messages Tab on under App Home in Slack's app settings, then press Retry now.",
	},
	user_not_in_channel: {
		kind: "rejected",
		why: "this person is not in the channel",
		remedy: "Nothing to do: they see on the message itself how it ended.",
	},
	user_not_found: {
		kind: "rejected",
		why: "it knows no such person",
		remedy: "Choose somebody else, or a channel by its id, and send anew.",
	},
	thread_not_found: threadGone,
	message_not_found: threadGone,
	cant_update_message: threadGone,
	edit_window_closed: threadGone,
	cannot_reply_to_message: threadGone,
	fatal_error: unclear,
	internal_error: unclear,
	request_timeout: unclear,
	service_unavailable: unclear,
	team_added_to_org: unclear,
};

const verdictOf = (code: string, needed: string | undefined): Verdict => {
	if (code === "missing_scope")
		return {
			kind: "unauthorized",
			why: `the app lacks the scope ${needed ?? "that this needs"}`,
			remedy: `In Slack's app settings, OAuth & Permissions, add ${needed ?? "it"} to the Bot Token Scopes and reinstall the app.`,
		};
	const known = verdicts[code === "rate_limited" ? "ratelimited" : code];
	if (known) return known;
	if (code.startsWith("restricted_action")) return restricted;
	return {
		kind: "rejected",
		why: "it refuses this message",
		remedy:
			"Read Slack's response below, mend what it names, then press Retry now; if the message itself is at fault, report it as a defect.",
	};
};

/** A page of HTML in place of the JSON arrives as the "code". */
const looksLikeCode = (text: unknown): text is string => typeof text === "string" && /^[a-z0-9_]{1,100}$/.test(text);

/** What a call that failed means, by status, code and class alone; the library's own errors may hold the token, so none is kept as the cause. */
export const failureOf = (
	error: unknown,
	{ method, exchange, response, now }: { method: string; exchange: Exchange; response: GuardedResponse | null; now: Date },
): AdapterError => {
	if (error instanceof WebAPIRequestError) return unreached(error.original, exchange);
	if (error instanceof WebAPIRateLimitedError || response?.status === 429)
		return new AdapterError("rate_limited", "Slack answered 429: it wants fewer messages for now.", {
			remedy: `Nothing to do; ${again} when Slack allows it.`,
			retryAfterMs: retryAfterMs(response?.headers["retry-after"], now) ?? unsaidWaitMs,
			exchange,
		});
	if (error instanceof WebAPIPlatformError && looksLikeCode(error.data.error)) {
		const code = error.data.error;
		const needed = "needed" in error.data ? String(error.data.needed).slice(0, 100) : undefined;
		const { kind, why, remedy, mayHaveBeenAccepted = false } = verdictOf(code, needed);
		return new SlackRefusal(code, kind, `Slack refused ${method}: ${why} (${code}).`, {
			remedy,
			mayHaveBeenAccepted,
			retryAfterMs: kind === "rate_limited" ? (retryAfterMs(response?.headers["retry-after"], now) ?? unsaidWaitMs) : null,
			exchange,
		});
	}
	if (error instanceof WebAPIPlatformError || error instanceof WebAPIHTTPError) return unreadable(response?.status ?? 0, exchange);
	return unreached(error, exchange);
};

const unreadable = (status: number, exchange: Exchange): AdapterError => {
	if (status >= 300 && status < 500)
		return new AdapterError("unavailable", `Slack's address answered ${status}, which its API doesn't do.`, {
			remedy: `Check the API address and any proxy between; ${again}.`,
			exchange,
		});
	const said = status < 300 ? "something that is not JSON" : String(status);
	return new AdapterError("unavailable", `Slack answered ${said}.`, { remedy: unclear.remedy, mayHaveBeenAccepted: true, exchange });
};

/** What it means that the wire failed. */
export const unreached = (error: unknown, exchange: Exchange): AdapterError => platformUnreached(error, exchange, platform);
