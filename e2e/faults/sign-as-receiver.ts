import { randomUUID } from "node:crypto";
import { Webhook } from "standardwebhooks";

/** The headers that a receiver sends back to us with, by the public library. */
export const sign = (secret: string, body: string): Record<string, string> => {
	const [id, at] = [randomUUID(), new Date()];
	return {
		"webhook-id": id,
		"webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
		"webhook-signature": new Webhook(secret).sign(id, at, body),
	};
};
