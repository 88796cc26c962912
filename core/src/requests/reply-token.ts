import { agents, eq, messageDeliveries, messagingIntegrations } from "@agentplanner/db";
import type { Actor, Context, ProjectContext } from "../context.ts";
import { UnauthorizedError } from "../errors.ts";
import type { Keys } from "../keys.ts";
import { signedIds } from "../signed-id.ts";

const replyTokens = signedIds("rt_", "reply-token");

/** The token with which a delivery's receiver answers. Made from the delivery's id, so it is stored nowhere and the same on every attempt. */
export const createReplyToken = (keys: Keys, deliveryId: string): string => replyTokens.create(keys, deliveryId);

/** Whom a reply token speaks for, and in which project; null for a token that we didn't make. */
export const authenticateReplyToken = async (
	ctx: Context,
	token: string,
): Promise<{ actor: Extract<Actor, { type: "agent" }>; projectId: string } | null> => {
	const deliveryId = replyTokens.read(ctx.keys, token);
	if (deliveryId === null) return null;
	const [found] = await ctx.db
		.select({
			projectId: messageDeliveries.projectId,
			agentRequestId: messageDeliveries.agentRequestId,
			agentId: messageDeliveries.agentId,
			agentName: agents.name,
			integrationName: messagingIntegrations.name,
		})
		.from(messageDeliveries)
		.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, messageDeliveries.integrationId))
		.leftJoin(agents, eq(agents.id, messageDeliveries.agentId))
		.where(eq(messageDeliveries.id, deliveryId));
	if (!found?.agentRequestId) return null;
	const { projectId, agentRequestId, agentId } = found;
	return { projectId, actor: { type: "agent", agentId, agentRequestId, deliveryId, name: found.agentName ?? found.integrationName } };
};

/** A reply token works for the request it came with and for no other. */
export const assertOwnRequest = (ctx: ProjectContext, requestId: string): void => {
	if (ctx.actor.type === "agent" && ctx.actor.agentRequestId !== requestId.toLowerCase())
		throw new UnauthorizedError("This reply token belongs to another request.");
};
