import { AdapterError, type AdapterErrorKind, type Exchange } from "@agentplanner/contracts";
import { z } from "zod";
import { UpgradeRefusedError } from "../fetch-error.ts";
import { retryAfterMs } from "../retry-after.ts";
import { unreachable } from "../unreachable.ts";

const again = "it is tried again by itself";
const retest = "then test the integration";

/** What a gateway answers in place of a result. */
export const GatewayError = z.object({
	code: z.string(),
	message: z.string().catch(""),
	retryable: z.boolean().optional(),
	retryAfterMs: z.number().optional(),
	details: z.looseObject({ code: z.string().optional(), requestId: z.string().optional(), missingScope: z.string().optional() }).optional(),
});
export type GatewayError = z.infer<typeof GatewayError>;

type Verdict = { kind: AdapterErrorKind; why: string; remedy: string };

const token: Verdict = {
	kind: "unauthorized",
	why: "it refuses the token",
	remedy: `On the gateway's machine run “openclaw gateway auth-token --show”, enter what it prints as the gateway token with Edit, ${retest}.`,
};

const pairing = (requestId: string | undefined): Verdict => ({
	kind: "unauthorized",
	why: "it doesn't know this integration yet",
	remedy: requestId
		? `On the gateway's machine run “openclaw devices approve ${requestId}”, ${retest}. If that id has lapsed, “openclaw devices list” shows the new one.`
		: `On the gateway's machine run “openclaw devices list” and “openclaw devices approve” with the request's id, ${retest}.`,
});

const device: Verdict = {
	kind: "unauthorized",
	why: "it refuses this integration's device key",
	remedy: `Compare the clocks of both machines; if they agree, connect the gateway anew as another integration and approve that, ${retest}.`,
};

/** By the code in `details`, else by the error's own. https://docs.openclaw.ai/gateway/protocol/auth */
const verdictOf = ({ code, message, retryable, details }: GatewayError): Verdict => {
	const detail = details?.code ?? "";
	if (detail === "AUTH_RATE_LIMITED")
		return { kind: "rate_limited", why: "too many tries with a wrong token", remedy: `Correct the gateway token with Edit; ${again}.` };
	if (detail === "PAIRING_REQUIRED") return pairing(typeof details?.requestId === "string" ? details.requestId : undefined);
	if (detail === "AUTH_SCOPE_MISMATCH" || detail === "MISSING_SCOPE")
		return {
			kind: "unauthorized",
			why: `this integration lacks the scope ${details?.missingScope ?? "that it needs"} there`,
			remedy: `On the gateway's machine run “openclaw devices list” and approve this integration's device with operator.read and operator.write, ${retest}.`,
		};
	if (detail.startsWith("DEVICE_")) return device;
	if (detail.startsWith("AUTH_")) return token;
	if (code === "NOT_PAIRED") return pairing(undefined);
	if (detail === "PROTOCOL_MISMATCH")
		return {
			kind: "unauthorized",
			why: "it speaks another version of the protocol than 4",
			remedy: `Update OpenClaw on the gateway's machine (“openclaw update”), or AgentPlanner; ${retest}.`,
		};
	if (code === "FORBIDDEN")
		return {
			kind: "unauthorized",
			why: "this integration may not do that there",
			remedy: `Approve its device on the gateway again, ${retest}.`,
		};
	if (code === "UNAVAILABLE" || retryable)
		return { kind: "unavailable", why: "it isn't ready", remedy: `Look into the gateway's log (“openclaw logs”); ${again}.` };
	return {
		kind: "rejected",
		why: message === "" ? "it refuses this message" : message.slice(0, 300),
		remedy: "Correct the agent's id and send anew, or mend what Test now lists and press Retry now.",
	};
};

type Refused = { method: string; exchange: Exchange; mayHaveBeenAccepted?: boolean };

/** What the gateway's own word of refusal means for the message. */
export const refusalOf = (error: GatewayError, { method, exchange, mayHaveBeenAccepted = false }: Refused): AdapterError => {
	const { kind, why, remedy } = verdictOf(error);
	const named = [error.code, error.details?.code].filter(Boolean).join(", ");
	return new AdapterError(kind, `The gateway refused ${method}: ${why} (${named}).`, {
		remedy,
		exchange,
		retryAfterMs: error.retryAfterMs ?? null,
		mayHaveBeenAccepted: kind === "unavailable" && mayHaveBeenAccepted,
	});
};

/** What a connection that wasn't made means. */
export const unopened = (error: unknown, exchange: Exchange, now: Date): AdapterError => {
	if (!(error instanceof UpgradeRefusedError)) return unreachable(error, exchange);
	const { status, headers } = error;
	const said = `The gateway's address answered ${status} instead of opening a WebSocket`;
	if (status === 429)
		return new AdapterError("rate_limited", `${said}.`, {
			remedy: `Nothing to do; ${again} when the gateway allows it.`,
			retryAfterMs: retryAfterMs(headers["retry-after"], now),
			exchange,
		});
	if (status === 403)
		return new AdapterError("unauthorized", `${said}.`, {
			remedy: `Behind a proxy, set gateway.trustedProxies in the gateway's configuration, ${retest}.`,
			exchange,
		});
	const remedy =
		status >= 500
			? `The gateway is restarting, or a proxy can't reach it: look into its log; ${again}.`
			: `Check the gateway's URL, and that proxies between pass WebSockets on; ${again}.`;
	return new AdapterError("unavailable", `${said}.`, { remedy, retryAfterMs: retryAfterMs(headers["retry-after"], now), exchange });
};

/** A connection that broke, or was silent, in the middle. `sent`: after the message may have gone out. */
export const broken = (why: string, { exchange, sent }: { exchange: Exchange; sent: boolean }): AdapterError =>
	new AdapterError("unavailable", `The gateway was ${sent ? "not heard any more" : "not reached"}: ${why}.`, {
		remedy: `Check that the gateway runs (“openclaw gateway status”) and look into its log; ${again}.`,
		mayHaveBeenAccepted: sent,
		exchange,
	});

/** An answer that the gateway's protocol doesn't know. */
export const garbled = (method: string, exchange: Exchange, sent = false): AdapterError =>
	new AdapterError("unavailable", `The gateway's answer to ${method} is not understood.`, {
		remedy: `Update OpenClaw and AgentPlanner; ${again}. If it keeps failing, report this as a defect.`,
		mayHaveBeenAccepted: sent,
		exchange,
	});
