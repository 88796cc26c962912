import { z } from "zod";

/**
 * What an API token may be allowed, in the words of the rights they stand for. There is none for making tokens, changing members
 * or reading the audit log: those need a person.
 */
export const scopes = [
	"project:read",
	"plans:read",
	"plans:write",
	"plans:work",
	"goals:read",
	"goals:write",
	"activity:read",
	"comments:write",
	"agents:read",
	"agents:write",
	"integrations:read",
	"integrations:write",
	"routes:read",
	"routes:write",
	"requests:read",
	"requests:create",
	"requests:answer",
	"requests:cancel",
	"decisions:read",
	"decisions:create",
	"decisions:decide",
	"decisions:cancel",
	"messages:send",
	"deliveries:read",
	"deliveries:retry",
	"events:read",
	"subscriptions:manage",
] as const;
export const Scope = z.enum(scopes);
export type Scope = z.infer<typeof Scope>;

/** Whoever may do the wider may do the narrower, too. */
const widerThan: Partial<Record<string, Scope>> = { "plans:work": "plans:write" };

/** Whether a token with these scopes may do it, as far as scopes go. */
export const scopesAllow = (granted: readonly Scope[], needed: Scope): boolean => {
	const wider = widerThan[needed];
	return granted.includes(needed) || (wider !== undefined && granted.includes(wider));
};

/** What an agent's own token can do: read and work the plans, and answer the requests that were sent to it. */
export const agentScopes = [
	"plans:read",
	"plans:work",
	"requests:read",
	"requests:answer",
	"decisions:read",
	"decisions:create",
	"activity:read",
	"comments:write",
] as const satisfies readonly Scope[];
