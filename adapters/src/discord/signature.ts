import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { momentProblem } from "../signed-at.ts";

/** What stands before the 32 bytes of an Ed25519 key in its DER form (RFC 8410). */
const derPrefix = Buffer.from("302a300506032b6570032100", "hex");

const keyOf = (publicKey: string): KeyObject =>
	createPublicKey({ key: Buffer.concat([derPrefix, Buffer.from(publicKey, "hex")]), format: "der", type: "spki" });

/**
 * What is wrong with a request's signature; null when it is right.
 * https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint-validating-security-request-headers
 */
export const signatureProblem = (headers: Record<string, string>, body: Uint8Array, publicKey: string, now: Date): string | null => {
	const { "x-signature-timestamp": timestamp, "x-signature-ed25519": given } = headers;
	if (!timestamp || !given) return "the headers X-Signature-Timestamp and X-Signature-Ed25519 are needed";
	const problem = momentProblem("X-Signature-Timestamp", timestamp, now);
	if (problem) return problem;
	if (!/^[0-9a-f]{128}$/i.test(given)) return "X-Signature-Ed25519 must be 128 hexadecimal digits";
	const signed = Buffer.concat([Buffer.from(timestamp), body]);
	return verify(null, signed, keyOf(publicKey), Buffer.from(given, "hex"))
		? null
		: "the signature doesn't match the body and the public key";
};
