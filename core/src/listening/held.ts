import { and, eq, integrationListeners, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { ConflictError } from "../errors.ts";
import type { Hold } from "./claim-listeners.ts";

/** Also where the lease ran out, as long as nobody else took it. */
export const isOurs = ({ integrationId, holder, term }: Hold) =>
	and(eq(integrationListeners.integrationId, integrationId), eq(integrationListeners.holder, holder), eq(integrationListeners.term, term));

/** The listener's row, as long as it is still this hold's. */
export const isHeld = (hold: Hold) => and(isOurs(hold), sql`lease_until > now()`);

export const lostHold = () => new ConflictError("Another worker listens for this integration by now.");

/** Throws ConflictError where somebody else may listen by now. */
export const assertHeld = async (ctx: ProjectContext, hold: Hold): Promise<void> => {
	const [held] = await ctx.db.select({ term: integrationListeners.term }).from(integrationListeners).where(isHeld(hold));
	if (!held) throw lostHold();
};
