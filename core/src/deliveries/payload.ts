import { createHash } from "node:crypto";
import { maxPayloadBytes } from "@agentplanner/contracts";
import type { Keys } from "../keys.ts";
import { createReplyToken } from "../requests/reply-token.ts";

/**
 * What a delivery's first attempt sent, for all others to send. It is kept without the reply token, which is a secret and is made anew from
 * the delivery's id: where it goes stands a character that JSON never holds as it is, so that it can stand for nothing else.
 */
const tokenMark = "\u001a";

type Of = { keys: Keys; deliveryId: string };

/** Null for one that is too large to be kept. */
export type KeptPayload = { payload: string; payloadBytes: number } | null;

export const keptPayload = ({ keys, deliveryId }: Of, sent: string): KeptPayload => {
	const payloadBytes = Buffer.byteLength(sent);
	return payloadBytes > maxPayloadBytes ? null : { payload: sent.replaceAll(createReplyToken(keys, deliveryId), tokenMark), payloadBytes };
};

export const sentPayload = ({ keys, deliveryId }: Of, kept: string): string =>
	kept.replaceAll(tokenMark, createReplyToken(keys, deliveryId));

/** As people may read it, and what proves that it is what was sent. */
export const shownPayload = (of: Of, kept: string): { text: string; sha256: string } => ({
	text: kept.replaceAll(tokenMark, "•••"),
	sha256: createHash("sha256").update(sentPayload(of, kept)).digest("hex"),
});
