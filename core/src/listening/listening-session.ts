import { integrationListeners } from "@agentplanner/db";
import type { Context } from "../context.ts";
import type { Hold, ListenerClaim } from "./claim-listeners.ts";
import { isHeld, lostHold } from "./held.ts";

type Session = Record<string, unknown>;

const boundTo = (integrationId: string) => `session ${integrationId}`;

/** What the last listener saved; one that was sealed with another key is none, since a new one can be made. */
export const openSession = ({ keys }: Pick<Context, "keys">, { integrationId, session }: ListenerClaim): Session | null => {
	if (!session) return null;
	try {
		return JSON.parse(keys.open(session, boundTo(integrationId))) as Session;
	} catch {
		return null;
	}
};

/** Keeps what the adapter wants to know next time; null forgets it. Throws ConflictError once somebody else may listen. */
export const saveSession = async (ctx: Context, hold: Hold, session: Session | null): Promise<void> => {
	const sealed = session && ctx.keys.seal(JSON.stringify(session), boundTo(hold.integrationId));
	const saved = await ctx.db
		.update(integrationListeners)
		.set({ session: sealed })
		.where(isHeld(hold))
		.returning({ term: integrationListeners.term });
	if (saved.length === 0) throw lostHold();
};
