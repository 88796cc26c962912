import { AdapterError, type Exchange } from "@agentplanner/contracts";
import { FetchError } from "./fetch-error.ts";

/** A platform with fixed addresses of its own, as people know it. */
export type Platform = { name: string; host: string; statusPage: string };

/** What it means for a message that a call got no response: by the wire's code, never by its text. */
export const platformUnreached = (error: unknown, exchange: Exchange, { name, host, statusPage }: Platform): AdapterError => {
	if (!(error instanceof FetchError))
		return new AdapterError("unavailable", `The call to ${name} failed for an unknown reason.`, {
			remedy: "It is tried again by itself; if it keeps failing, report this as a defect.",
			mayHaveBeenAccepted: true,
			exchange,
		});
	const isRefused = error.code === "blocked" || error.code === "invalid_url";
	return new AdapterError(
		isRefused ? "rejected" : "unavailable",
		`${name} was not ${error.sent ? "heard" : "reached"}: ${error.message}.`,
		{
			remedy: isRefused
				? "Correct the API address in the integration's settings, then press Retry now."
				: `Check this server's way to ${host} (name resolution, firewall) and ${statusPage}; it is tried again by itself.`,
			mayHaveBeenAccepted: error.sent,
			exchange,
		},
	);
};
