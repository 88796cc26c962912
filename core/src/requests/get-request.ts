import type { AgentRequestDetail } from "@agentplanner/contracts";
import { agentRequests, agentResponses, and, asc, eq } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { readDeliveries } from "../deliveries/read-deliveries.ts";
import { NotFoundError } from "../errors.ts";
import { isVisibleRequest, tokenAgentId } from "./addressee.ts";
import { presentResponse } from "./present.ts";
import { readClimbed } from "./read-climbed.ts";
import { readOverviews } from "./read-overviews.ts";

/** A request with everything that hangs on it: context, deliveries with their attempts, answers, replies, and what was done while nobody answered. */
export const getRequest = async (ctx: ProjectContext, requestId: string): Promise<AgentRequestDetail> => {
	await authorize(ctx, "requests:read");
	const [row] = await ctx.db
		.select()
		.from(agentRequests)
		.where(and(eq(agentRequests.projectId, ctx.projectId), eq(agentRequests.id, requestId), isVisibleRequest(ctx)));
	if (!row) throw new NotFoundError("request");
	// An agent with its own token is shown its own deliveries and words, not those of the others who were asked.
	const agentId = tokenAgentId(ctx) ?? undefined;
	const [request] = await readOverviews(ctx, [row]);
	if (!request) throw new NotFoundError("request");
	const { deliveries, contents } = await readDeliveries(ctx, { agentRequestId: row.id, agentId });
	const responses = await ctx.db
		.select()
		.from(agentResponses)
		.where(and(eq(agentResponses.agentRequestId, row.id), agentId ? eq(agentResponses.agentId, agentId) : undefined))
		.orderBy(asc(agentResponses.id));
	return {
		request,
		context: row.context,
		deliveries,
		responses: responses.map(presentResponse),
		climbed: row.ladder === null ? [] : await readClimbed(ctx, row.id),
		replies: contents.flatMap(({ id, content }) =>
			content.kind === "reply" ? [{ delivery_id: id, text: content.text, from: content.from, replied_at: content.replied_at }] : [],
		),
	};
};
