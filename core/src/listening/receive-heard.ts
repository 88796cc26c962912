import type { Received } from "@agentplanner/contracts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { receiveInbound } from "../responses/receive-inbound.ts";
import type { Hold } from "./claim-listeners.ts";
import { assertHeld } from "./held.ts";

/**
 * Stores what was heard while listening, as `receiveInbound` does and throws. Throws ConflictError once somebody else may listen:
 * they hear it, too.
 */
export const receiveHeard = (ctx: ProjectContext, hold: Hold, received: readonly Received[]): ReturnType<typeof receiveInbound> =>
	inTransaction(ctx, async (tx) => {
		await assertHeld(tx, hold);
		return receiveInbound(tx, hold.integrationId, received);
	});
