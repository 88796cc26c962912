import type { ThreadReply } from "@agentplanner/contracts";
import { sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";

/** Puts a name in the place of the id by which a platform had told who wrote under one of its messages. */
export const nameAuthor = async (
	ctx: ProjectContext,
	integrationId: string,
	{ platformId, author }: Pick<ThreadReply, "platformId" | "author">,
	name: string,
): Promise<void> => {
	await authorize(ctx, "requests:answer");
	await ctx.db.execute(sql`
		update agent_responses response set respondent_name = ${name}
		from message_deliveries delivery
		where delivery.project_id = ${ctx.projectId} and delivery.integration_id = ${integrationId} and delivery.receipt ->> 'platformId' = ${platformId}
			and response.agent_request_id = delivery.agent_request_id and response.delivery_id = delivery.id
			and response.respondent_name = ${author}`);
};
