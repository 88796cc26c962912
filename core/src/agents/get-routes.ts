import type { RouteList } from "@agentplanner/contracts";
import { agents, and, eq, plans } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { loadRoutes, type RouteOwner } from "./queries.ts";

/** Where an agent, a plan's or the project's requests go, in order. Throws NotFoundError without the agent or plan. */
export const getRoutes = async (ctx: ProjectContext, owner: RouteOwner): Promise<RouteList> => {
	await authorize(ctx, "routes:read");
	await assertOwner(ctx, owner);
	return loadRoutes(ctx, owner);
};

const assertOwner = async (ctx: ProjectContext, owner: RouteOwner) => {
	if (owner === "project") return;
	const [table, id, what] = "agentId" in owner ? [agents, owner.agentId, "agent"] : [plans, owner.planId, "plan"];
	const [found] = await ctx.db
		.select({ id: table.id })
		.from(table)
		.where(and(eq(table.projectId, ctx.projectId), eq(table.id, id)));
	if (!found) throw new NotFoundError(what);
};
