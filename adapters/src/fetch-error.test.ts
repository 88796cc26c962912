import { expect, test } from "vitest";
import { FetchError, toFetchError } from "./fetch-error.ts";

const withCode = (code: string) => Object.assign(new Error("whatever"), { code });

test.each([
	["ENOTFOUND", "dns"],
	["EAI_AGAIN", "dns"],
	["UND_ERR_CONNECT_TIMEOUT", "timeout"],
	["ECONNREFUSED", "connect"],
	["EHOSTUNREACH", "connect"],
	["CERT_HAS_EXPIRED", "tls"],
	["ERR_TLS_CERT_ALTNAME_INVALID", "tls"],
	["DEPTH_ZERO_SELF_SIGNED_CERT", "tls"],
	["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tls"],
	["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "tls"],
	["ECONNRESET", "reset"],
	["UND_ERR_SOCKET", "reset"],
	["SOMETHING_NEW", "connect"],
])("%s is %s", (code, expected) => {
	const error = toFetchError(withCode(code), false);
	expect(error.code).toBe(expected);
	expect(error.message).toMatch(code);
});

test("an unknown failure after the request was sent is the peer's", () => {
	expect(toFetchError(withCode("HPE_INVALID_CONSTANT"), true)).toMatchObject({ code: "protocol", sent: true });
	expect(toFetchError("odd", true)).toMatchObject({ code: "protocol", sent: true });
});

test("several failed addresses are sorted by the first", () => {
	expect(toFetchError(new AggregateError([withCode("ECONNREFUSED")]), false).code).toBe("connect");
});

test("a sorted failure stays as it is", () => {
	const error = new FetchError("blocked", "no");
	expect(toFetchError(error, true)).toBe(error);
});
