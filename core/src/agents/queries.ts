import type { RouteList } from "@agentplanner/contracts";
import { agentHeartbeats, agents, and, asc, eq, isNull, isUniqueViolation, messagingIntegrations, routes } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { authorizePlan } from "../plans/authorize-plan.ts";
import { presence } from "./presence.ts";
import { presentRoutes } from "./present.ts";

/** Agents of this project, each with its last sign of life. */
export const selectAgents = (ctx: ProjectContext, agentId?: string) =>
	ctx.db
		.select({
			agent: agents,
			lastSeenAt: agentHeartbeats.lastSeenAt,
			intervalSeconds: agentHeartbeats.intervalSeconds,
			presence,
		})
		.from(agents)
		.leftJoin(agentHeartbeats, and(eq(agentHeartbeats.projectId, agents.projectId), eq(agentHeartbeats.agentId, agents.id)))
		.where(and(eq(agents.projectId, ctx.projectId), agentId === undefined ? undefined : eq(agents.id, agentId)))
		.orderBy(asc(agents.name));

/** An agent of this project, or NotFoundError. */
export const loadAgent = async (ctx: ProjectContext, agentId: string) => {
	const [found] = await selectAgents(ctx, agentId);
	if (!found) throw new NotFoundError("agent");
	return found;
};

/** Turns the database's refusal of a second agent of the same name into a ConflictError. */
export const refuseDuplicateName = (error: unknown): never => {
	if (isUniqueViolation(error, "agents_name_key"))
		throw new ConflictError("This project already has an agent of that name. Choose another one.");
	throw error;
};

/** Whose routes: an agent's, a plan's, or the project's own. */
export type RouteOwner = { agentId: string } | { planId: string } | "project";

/** A plan's are asked about in the plan. */
export const authorizeOwner = async (ctx: ProjectContext, action: "routes:read" | "routes:write", owner: RouteOwner): Promise<void> => {
	if (owner !== "project" && "planId" in owner) await authorizePlan(ctx, action, owner.planId);
	else await authorize(ctx, action);
};

/** The owner as the columns of `routes` hold it. */
export const ownerColumns = (owner: RouteOwner): { agentId: string | null; planId: string | null } => ({
	agentId: owner !== "project" && "agentId" in owner ? owner.agentId : null,
	planId: owner !== "project" && "planId" in owner ? owner.planId : null,
});

export const isOwnedBy = (ctx: ProjectContext, owner: RouteOwner) => {
	const { agentId, planId } = ownerColumns(owner);
	return and(
		eq(routes.projectId, ctx.projectId),
		agentId === null ? isNull(routes.agentId) : eq(routes.agentId, agentId),
		planId === null ? isNull(routes.planId) : eq(routes.planId, planId),
	);
};

export const loadRoutes = async (ctx: ProjectContext, owner: RouteOwner): Promise<RouteList> => {
	const rows = await ctx.db
		.select({ route: routes, integration: { name: messagingIntegrations.name, adapter: messagingIntegrations.adapter } })
		.from(routes)
		.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, routes.integrationId))
		.where(isOwnedBy(ctx, owner))
		.orderBy(asc(routes.position));
	return presentRoutes(rows);
};
