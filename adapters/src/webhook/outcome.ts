import { AdapterError, type Exchange, type GuardedResponse } from "@agentplanner/contracts";
import { retryAfterMs } from "../retry-after.ts";

const again = "it is tried again by itself";

/** What a response that is not a 2xx means for the message, by status and headers alone. */
export const failureOf = (response: GuardedResponse, exchange: Exchange, now: Date): AdapterError => {
	const { status } = response;
	const said = `The receiver answered ${status}`;
	const wish = exchange.response?.headers["webhook-delivery"]?.trim().toLowerCase();
	if (status === 410 || wish === "disable")
		return new AdapterError("rejected", `${said} and wants no more messages.`, {
			remedy: "The integration is disabled. Correct its URL or ask the receiver's owner, then enable it again.",
			gone: true,
			exchange,
		});
	if (wish === "abort-message")
		return new AdapterError("rejected", `${said} and asked not to be sent this message again.`, {
			remedy: "Ask the receiver's owner why, then press Retry now.",
			exchange,
		});
	if (status < 400) {
		const target = exchange.response?.headers.location?.slice(0, 500);
		return new AdapterError("rejected", `${said}, a redirect${target ? ` to ${target}` : ""}, which is never followed.`, {
			remedy: "Put the final address into the integration's URL, then press Retry now.",
			exchange,
		});
	}
	if (status === 401 || status === 403)
		return new AdapterError("unauthorized", `${said}: it doesn't accept our signature or credentials.`, {
			remedy:
				"Give the receiver this integration's signing secret (lost it? set a new one with Edit), or correct the Authorization header with Edit; then test it.",
			exchange,
		});
	const delay = retryAfterMs(response.headers["retry-after"], now);
	if (status === 429 || (status === 503 && delay !== null))
		return new AdapterError("rate_limited", `${said}: it wants fewer messages for now.`, {
			remedy: `Nothing to do; ${again} when the receiver allows it.`,
			retryAfterMs: delay,
			exchange,
		});
	if (status === 404)
		return new AdapterError("unavailable", `${said}: nothing listens at this path.`, {
			remedy: `Check the path, and in n8n that the workflow is active; ${again}.`,
			exchange,
		});
	if (status >= 500 || status === 408 || status === 409 || status === 425)
		return new AdapterError("unavailable", `${said}.`, { remedy: `Look into the receiver's log; ${again}.`, exchange });
	return new AdapterError("rejected", `${said}: it refuses this message.`, {
		remedy: "Read the receiver's response below, mend what it names, then press Retry now.",
		exchange,
	});
};
