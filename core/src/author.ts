import { type Actor, actorName } from "./context.ts";

/** Who wrote something, as its row keeps it. */
export const authorOf = (actor: Actor) => ({
	writtenBy: actorName(actor),
	writtenByUserId: "userId" in actor ? actor.userId : null,
	writtenByAgentId: "agentId" in actor ? actor.agentId : null,
});
