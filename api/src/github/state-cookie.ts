import type { Keys } from "@agentplanner/core";
import { parseCookie, stringifySetCookie } from "cookie";
import { z } from "zod";

const lifeMs = 10 * 60_000;

/** What a sign-in under way is for: where to go afterwards, and for whose session an account is to be linked. */
export const Journey = z.strictObject({ returnTo: z.string(), linkForSession: z.string().nullable() });
export type Journey = z.infer<typeof Journey>;

const Kept = z.strictObject({ state: z.string(), verifier: z.string(), journey: Journey, expiresAt: z.number() });
export type Kept = z.infer<typeof Kept>;

/** A sign-in under way, kept by the browser that began it, sealed, so that no other browser can end it. */
export type StateCookie = {
	/** Set-Cookie that keeps it. */
	keep(kept: { state: string; verifier: string; journey: Journey }): string;
	/** What this browser began; null for nothing, or nothing that is still good. */
	read(header: string | undefined): Kept | null;
	clear(): string;
};

export const createStateCookie = (options: { name: string; path: string; publicUrl: string; keys: Keys }): StateCookie => {
	const { name, path, keys } = options;
	const attributes = { httpOnly: true, sameSite: "lax", secure: new URL(options.publicUrl).protocol === "https:", path } as const;
	const purpose = "github-state";
	const open = (sealed: string) => {
		try {
			return Kept.parse(JSON.parse(keys.open(Buffer.from(sealed, "base64url"), purpose)));
		} catch {
			return null;
		}
	};
	return {
		keep: (kept) => {
			const expiresAt = Date.now() + lifeMs;
			const sealed = keys.seal(JSON.stringify({ ...kept, expiresAt }), purpose).toString("base64url");
			return stringifySetCookie(name, sealed, { ...attributes, expires: new Date(expiresAt) });
		},
		read: (header) => {
			const sealed = parseCookie(header ?? "")[name];
			const kept = sealed ? open(sealed) : null;
			return kept && kept.expiresAt > Date.now() ? kept : null;
		},
		clear: () => stringifySetCookie(name, "", { ...attributes, expires: new Date(0) }),
	};
};
