import type { RouteList } from "@agentplanner/contracts";
import { agents, and, eq } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { authorizeOwner, loadRoutes, type RouteOwner } from "./queries.ts";

/** Where an agent, a plan's or the project's requests go, in order. Throws NotFoundError without the agent or plan. */
export const getRoutes = async (ctx: ProjectContext, owner: RouteOwner): Promise<RouteList> => {
	await authorizeOwner(ctx, "routes:read", owner);
	if (typeof owner === "object" && "agentId" in owner) await assertAgent(ctx, owner.agentId);
	return loadRoutes(ctx, owner);
};

const assertAgent = async (ctx: ProjectContext, agentId: string) => {
	const [found] = await ctx.db
		.select({ id: agents.id })
		.from(agents)
		.where(and(eq(agents.projectId, ctx.projectId), eq(agents.id, agentId)));
	if (!found) throw new NotFoundError("agent");
};
