import { type Keys, safeEqual } from "./keys.ts";

const toUuid = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

/** Tokens made from a row's id and our proof that we made them for this purpose, so they are stored nowhere. */
export const signedIds = (prefix: string, purpose: string) => {
	const pattern = new RegExp(`^${prefix}([0-9a-f]{32})\\.([\\w-]{43})$`);
	return {
		create: (keys: Keys, id: string): string => `${prefix}${id.replaceAll("-", "")}.${keys.mac(purpose, id)}`,
		/** The id in the token; null for a token that we didn't make. */
		read: (keys: Keys, token: string): string | null => {
			const match = pattern.exec(token);
			if (!match?.[1] || !match[2]) return null;
			const id = toUuid(match[1]);
			return safeEqual(match[2], keys.mac(purpose, id)) ? id : null;
		},
	};
};
