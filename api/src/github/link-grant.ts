import type { Keys } from "@agentplanner/core";
import { z } from "zod";

const lifeMs = 60_000;
const purpose = "github-link";
const Grant = z.strictObject({ sessionId: z.string(), expiresAt: z.number() });

/**
 * Proof that a session asked to link an account, by a request with its CSRF token. The way to GitHub is a plain GET, which any
 * site can make a browser do; without this it could give an account a second owner.
 */
export const createLinkGrant = (keys: Keys, sessionId: string): string =>
	keys.seal(JSON.stringify({ sessionId, expiresAt: Date.now() + lifeMs }), purpose).toString("base64url");

/** The session that asked; null where none did, or too long ago. */
export const readLinkGrant = (keys: Keys, grant: string): string | null => {
	try {
		const { sessionId, expiresAt } = Grant.parse(JSON.parse(keys.open(Buffer.from(grant, "base64url"), purpose)));
		return expiresAt > Date.now() ? sessionId : null;
	} catch {
		return null;
	}
};
