import { AdapterError, type Exchange } from "@agentplanner/contracts";
import { FetchError, type FetchErrorCode } from "./fetch-error.ts";

const allowList =
	"Use a public address with a web port, or have whoever runs AgentPlanner add its network to the project's allowed_networks (Settings, Project), then press Retry now.";

const remedies: Record<FetchErrorCode, string> = {
	invalid_url: "Correct the URL in the integration's settings, then press Retry now.",
	blocked: allowList,
	dns: "Check the spelling of the host name and its DNS record; it is tried again by itself.",
	connect: "Check that the receiver is running and reachable from this server; it is tried again by itself.",
	tls: "Renew or correct the receiver's TLS certificate; it is tried again by itself.",
	timeout: "Let the receiver answer at once and work afterwards; it is tried again by itself.",
	reset: "Look into the receiver's log for a crash, and check proxies between; it is tried again by itself.",
	protocol: "Check that an HTTP server listens at this address; it is tried again by itself.",
	aborted: "Nothing to do; it is tried again by itself.",
};

/** Says what a request without a response means for the message. A refused address stops it, everything else passes. */
export const unreachable = (error: unknown, exchange: Exchange): AdapterError => {
	if (!(error instanceof FetchError))
		return new AdapterError("unavailable", "The request failed for an unknown reason.", {
			remedy: "It is tried again by itself; if it keeps failing, report this as a defect.",
			mayHaveBeenAccepted: true,
			exchange,
			cause: error,
		});
	const isRefused = error.code === "blocked" || error.code === "invalid_url";
	return new AdapterError(isRefused ? "rejected" : "unavailable", `Not ${error.sent ? "answered" : "sent"}: ${error.message}.`, {
		remedy: remedies[error.code],
		mayHaveBeenAccepted: error.sent,
		exchange,
		cause: error,
	});
};
