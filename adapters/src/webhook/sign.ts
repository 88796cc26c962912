import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from "node:crypto";
import { momentProblem } from "../signed-at.ts";

const prefix = "whsec_";

/** A fresh signing secret, as the receiver's Standard Webhooks library takes it. */
export const createSigningSecret = (): string => `${prefix}${randomBytes(32).toString("base64")}`;

/** The key's bytes; null when the text is not a signing secret. */
export const secretKey = (secret: string): Buffer | null => {
	const encoded = secret.startsWith(prefix) ? secret.slice(prefix.length) : "";
	const key = Buffer.from(encoded, "base64");
	return key.length > 0 && key.toString("base64").replace(/=+$/, "") === encoded.replace(/=+$/, "") ? key : null;
};

const signature = (secret: string, id: string, timestamp: string, body: Uint8Array): Buffer => {
	const key = secretKey(secret);
	if (!key) throw new TypeError("not a signing secret");
	// Node takes several times as long with a key's bytes.
	return createHmac("sha256", createSecretKey(key)).update(`${id}.${timestamp}.`).update(body).digest();
};

export type SignatureHeaders = { "webhook-id": string; "webhook-timestamp": string; "webhook-signature": string };

/** Standard Webhooks v1 over the exact bytes; with several secrets each signs, so that a receiver may hold any of them. */
export const sign = (secrets: readonly string[], id: string, at: Date, body: Uint8Array): SignatureHeaders => {
	const timestamp = String(Math.floor(at.getTime() / 1000));
	const signatures = secrets.map((secret) => `v1,${signature(secret, id, timestamp, body).toString("base64")}`);
	return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
};

/** What is wrong with a request's signature; null when it is right. Unknown versions are skipped, comparison takes constant time. */
export const signatureProblem = (
	headers: Record<string, string>,
	body: Uint8Array,
	secrets: readonly string[],
	now: Date,
): string | null => {
	const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": given } = headers;
	if (!id || !timestamp || !given) return "the headers webhook-id, webhook-timestamp and webhook-signature are needed";
	const problem = momentProblem("webhook-timestamp", timestamp, now);
	if (problem) return problem;
	const candidates = given
		.split(" ")
		.filter((part) => part.startsWith("v1,"))
		.map((part) => Buffer.from(part.slice(3), "base64"));
	const matches = secrets.flatMap((secret) => {
		const expected = signature(secret, id, timestamp, body);
		return candidates.map((candidate) => candidate.length === expected.length && timingSafeEqual(candidate, expected));
	});
	return matches.includes(true) ? null : "the signature doesn't match the body and the signing secret";
};
