import { createHmac, timingSafeEqual } from "node:crypto";
import { momentProblem } from "../signed-at.ts";

/** The `X-Slack-Signature` of a body: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const signatureOf = (secret: string, timestamp: string, body: Uint8Array): string =>
	`v0=${createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body).digest("hex")}`;

/** What is wrong with a request's signature; null when it is right. Compared in constant time with each of the secrets. */
export const signatureProblem = (
	headers: Record<string, string>,
	body: Uint8Array,
	secrets: readonly string[],
	now: Date,
): string | null => {
	const { "x-slack-request-timestamp": timestamp, "x-slack-signature": given } = headers;
	if (!timestamp || !given) return "the headers X-Slack-Request-Timestamp and X-Slack-Signature are needed";
	const problem = momentProblem("X-Slack-Request-Timestamp", timestamp, now);
	if (problem) return problem;
	const candidate = Buffer.from(given);
	const matches = secrets.map((secret) => {
		const expected = Buffer.from(signatureOf(secret, timestamp, body));
		return candidate.length === expected.length && timingSafeEqual(candidate, expected);
	});
	return matches.includes(true) ? null : "the signature doesn't match the body and the signing secret";
};
