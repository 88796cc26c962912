import type { Inbound, TimerType } from "@agentplanner/contracts";
import { and, eq, inboundEvents, messagingIntegrations, timers } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";

type Type = "decision" | "command";

/** What somebody did on a platform, and where. `said`: as it was stored, but for its type and key. */
export type Waiting<T extends Type> = {
	integrationId: string;
	adapter: string;
	externalAccount: string | null;
	said: Omit<Extract<Inbound, { type: T }>, "externalId" | "type">;
};

/** An inbound event that waits, as its timer says; null for what doesn't (any more). */
export const readWaiting = async <T extends Type>(
	ctx: ProjectContext,
	inboundId: string,
	type: T,
	timerType: TimerType,
): Promise<Waiting<T> | null> => {
	const [found] = await ctx.db
		.select({
			data: inboundEvents.data,
			integrationId: inboundEvents.integrationId,
			adapter: messagingIntegrations.adapter,
			externalAccount: messagingIntegrations.externalAccount,
		})
		.from(inboundEvents)
		.innerJoin(timers, and(eq(timers.subjectId, inboundEvents.id), eq(timers.type, timerType)))
		.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, inboundEvents.integrationId))
		.where(and(eq(inboundEvents.projectId, ctx.projectId), eq(inboundEvents.id, inboundId), eq(inboundEvents.type, type)));
	if (!found) return null;
	const { data, ...where } = found;
	return { ...where, said: data as Waiting<T>["said"] };
};
