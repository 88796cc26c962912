import { authorOf } from "../author.ts";
import type { Actor } from "../context.ts";
import type { CommentRow } from "./present.ts";

/** Whether it is theirs: a user's also through their tokens, an agent's through its own. */
export const isAuthor = (actor: Actor, comment: Pick<CommentRow, "writtenByUserId" | "writtenByAgentId">): boolean => {
	const { writtenByUserId: userId, writtenByAgentId: agentId } = authorOf(actor);
	return (userId !== null && userId === comment.writtenByUserId) || (agentId !== null && agentId === comment.writtenByAgentId);
};
