import type { Assignment } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { readAssignments } from "./read-assignments.ts";

type Query = PageInput & { plan_id?: string | undefined; user_id?: string | undefined; agent_id?: string | undefined };

/** Who is assigned to what, newest first; in one plan, or to one member or agent, if asked. */
export const listAssignments = async (ctx: ProjectContext, query: Query): Promise<{ items: Assignment[]; next_cursor: string | null }> => {
	await authorize(ctx, "plans:read");
	const { plan_id: planId, user_id: userId, agent_id: agentId, limit } = query;
	const items = await readAssignments(ctx, { planId, userId, agentId }, { before: cursorId(query), limit: limit + 1 });
	return toPage(items, limit, (assignment) => assignment);
};
