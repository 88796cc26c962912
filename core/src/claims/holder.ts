import type { nodeClaims } from "@agentplanner/db";
import type { Actor } from "../context.ts";
import { ForbiddenError } from "../errors.ts";

type HolderColumns = Pick<typeof nodeClaims.$inferSelect, "userId" | "agentId">;

/** As whom this actor holds claims: an agent with its own token, else the user, also through their scripts. */
export const holderOf = (actor: Actor): HolderColumns => {
	if (actor.type === "user") return { userId: actor.userId, agentId: null };
	if (actor.type === "token") return { userId: actor.userId, agentId: actor.agentId };
	throw new ForbiddenError("Only people and agents with a token of their own hold claims.");
};

export const isHolder = (actor: Actor, claim: HolderColumns): boolean => {
	const { userId, agentId } = holderOf(actor);
	return claim.userId === userId && claim.agentId === agentId;
};
