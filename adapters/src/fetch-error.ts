/** `invalid_url` and `blocked` are refused before anything is sent; `aborted` means that the caller gave up. */
export type FetchErrorCode = "invalid_url" | "blocked" | "dns" | "connect" | "tls" | "timeout" | "reset" | "protocol" | "aborted";

/** Why a guarded request has no response. `sent`: the request may have reached the peer. */
export class FetchError extends Error {
	override name = "FetchError";
	readonly code: FetchErrorCode;
	readonly sent: boolean;

	constructor(code: FetchErrorCode, message: string, details: { sent?: boolean; cause?: unknown } = {}) {
		super(message, { cause: details.cause });
		this.code = code;
		this.sent = details.sent ?? false;
	}
}

export type RawHeaders = Record<string, string | string[] | undefined>;

export const flatHeaders = (headers: RawHeaders): Record<string, string> =>
	Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]));

/** The peer answered the handshake of a WebSocket, but with something else. */
export class UpgradeRefusedError extends FetchError {
	override name = "UpgradeRefusedError";
	readonly status: number;
	readonly headers: Record<string, string>;

	constructor(status: number, headers: RawHeaders) {
		super("protocol", `the peer answered ${status} instead of opening a WebSocket`);
		this.status = status;
		this.headers = flatHeaders(headers);
	}
}

export const abortError = (signal: AbortSignal, sent: boolean): FetchError => {
	const timedOut = signal.reason instanceof DOMException && signal.reason.name === "TimeoutError";
	return timedOut
		? new FetchError("timeout", "no answer in the time allowed", { sent, cause: signal.reason })
		: new FetchError("aborted", "the request was given up", { sent, cause: signal.reason });
};

const texts: Record<"dns" | "connect" | "tls" | "timeout" | "reset" | "protocol", string> = {
	dns: "the host name could not be resolved",
	connect: "no connection could be made",
	tls: "the TLS handshake failed",
	timeout: "no connection was made in time",
	reset: "the peer closed the connection before it had answered",
	protocol: "the peer's answer was not valid HTTP",
};

const codes: Record<string, keyof typeof texts> = {
	ENOTFOUND: "dns",
	EAI_AGAIN: "dns",
	EAI_FAIL: "dns",
	EAI_NODATA: "dns",
	ENODATA: "dns",
	UND_ERR_CONNECT_TIMEOUT: "timeout",
	ETIMEDOUT: "timeout",
	ECONNREFUSED: "connect",
	EHOSTUNREACH: "connect",
	ENETUNREACH: "connect",
	EADDRNOTAVAIL: "connect",
	EACCES: "connect",
	EMFILE: "connect",
	ECONNRESET: "reset",
	ECONNABORTED: "reset",
	EPIPE: "reset",
	EPROTO: "tls",
	UND_ERR_SOCKET: "reset",
};

const tlsCode = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|CRL_|INVALID_CA|ERROR_IN_CERT)/;

const codeOf = (error: unknown): string => {
	if (typeof error !== "object" || error === null) return "";
	if ("code" in error && typeof error.code === "string") return error.code;
	return error instanceof AggregateError ? codeOf(error.errors[0]) : "";
};

/** Sorts whatever the HTTP client threw by its code, never by its text. */
export const toFetchError = (error: unknown, sent: boolean): FetchError => {
	if (error instanceof FetchError) return error;
	const platformCode = codeOf(error);
	const code = codes[platformCode] ?? (tlsCode.test(platformCode) ? "tls" : sent ? "protocol" : "connect");
	const suffix = platformCode === "" ? "" : ` (${platformCode})`;
	return new FetchError(code, `${texts[code]}${suffix}`, { sent, cause: error });
};
