import { type SQL, sql } from "@agentplanner/db";
import { type ProjectContext, userIdOf } from "../context.ts";
import { answersForProject, inVisiblePlan } from "../plans/authorize-plan.ts";

/**
 * The condition on events about what not everybody may read who sees the place: invitations are for whoever may invite there, tokens for
 * their owners, and what only admins manage, or nobody reads at all, for those who answer for the project. As sockets tell it (`read-changes.ts`).
 */
export const isReadable = (ctx: ProjectContext): SQL => sql`case
	when subject_type not in ('invitation', 'token', 'subscription', 'vote', 'command') then true
	when ${answersForProject(ctx)} then true
	when subject_type = 'invitation' then coalesce(${inVisiblePlan(ctx, sql`plan_id`, "members:write")}, false)
	when subject_type = 'token' then coalesce(data ->> 'user_id' = ${userIdOf(ctx.actor)}, false)
	else false
end`;
