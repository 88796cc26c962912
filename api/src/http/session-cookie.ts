import { type Cookies, parseCookie, stringifySetCookie } from "cookie";

export type SessionCookie = {
	/** The session's token in a Cookie header; null without one. */
	read(header: string | undefined): string | null;
	/** Set-Cookie that begins a session. */
	start(token: string, expiresAt: string): string;
	/** Set-Cookie that ends it. */
	clear(): string;
};

const longestToken = 200;

export const createSessionCookie = (name: string, publicUrl: string): SessionCookie => {
	const attributes = { httpOnly: true, sameSite: "lax", secure: new URL(publicUrl).protocol === "https:", path: "/" } as const;
	return {
		read: (header) => {
			const cookies: Cookies = parseCookie(header ?? "");
			const token = cookies[name];
			return token && token.length <= longestToken ? token : null;
		},
		start: (token, expiresAt) => stringifySetCookie(name, token, { ...attributes, expires: new Date(expiresAt) }),
		clear: () => stringifySetCookie(name, "", { ...attributes, expires: new Date(0) }),
	};
};
