import type { RequestTarget } from "@agentplanner/contracts";
import { agents, and, asc, eq, inArray, isNull, messagingIntegrations, or, routes } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";

export type Destination = {
	agent: { id: string; name: string } | null;
	integrationId: string;
	integrationName: string;
	adapter: string;
	address: string;
	source: "request" | "agent" | "plan" | "project";
	integrationEnabled: boolean;
	disabledReason: string | null;
};

/** Who is counted when answers are: an agent, or the people behind a route without one. */
export const respondentOf = (destination: { agentId: string | null; integrationId: string; address: string }): string =>
	destination.agentId ? `agent:${destination.agentId}` : `route:${destination.integrationId}/${destination.address}`;

/** With ids as the database writes them: a caller may use capital letters. */
export const normalTarget = (target: RequestTarget): RequestTarget =>
	"agent_id" in target
		? { agent_id: target.agent_id.toLowerCase() }
		: { integration_id: target.integration_id.toLowerCase(), address: target.address };

type FoundRoute = Omit<Destination, "agent" | "source"> & { agentId: string | null; planId: string | null };

/**
 * Where a request on a node of this plan would go: each asked agent by its own routes, else the plan's, else the project's;
 * a route that was asked directly as it is; with no targets the plan's, else the project's.
 */
export const resolveDestinations = async (ctx: ProjectContext, planId: string, asTyped: RequestTarget[]): Promise<Destination[]> => {
	const targets = asTyped.map(normalTarget);
	const agentIds = targets.flatMap((target) => ("agent_id" in target ? [target.agent_id] : []));
	const integrationIds = targets.flatMap((target) => ("agent_id" in target ? [] : [target.integration_id]));
	const columns = {
		integrationId: messagingIntegrations.id,
		integrationName: messagingIntegrations.name,
		adapter: messagingIntegrations.adapter,
		integrationEnabled: messagingIntegrations.enabled,
		disabledReason: messagingIntegrations.disabledReason,
	};
	const findingRoutes = ctx.db
		.select({ ...columns, agentId: routes.agentId, planId: routes.planId, address: routes.address })
		.from(routes)
		.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, routes.integrationId))
		.where(
			and(
				eq(routes.projectId, ctx.projectId),
				or(
					agentIds.length > 0 ? inArray(routes.agentId, agentIds) : undefined,
					eq(routes.planId, planId),
					and(isNull(routes.agentId), isNull(routes.planId)),
				),
			),
		)
		.orderBy(asc(routes.position));
	const findingAgents =
		agentIds.length === 0
			? []
			: ctx.db
					.select({ id: agents.id, name: agents.name })
					.from(agents)
					.where(and(eq(agents.projectId, ctx.projectId), inArray(agents.id, agentIds)));
	const findingDirect =
		integrationIds.length === 0
			? []
			: ctx.db
					.select(columns)
					.from(messagingIntegrations)
					.where(and(eq(messagingIntegrations.projectId, ctx.projectId), inArray(messagingIntegrations.id, integrationIds)));
	const [found, agentRows, directRows] = await Promise.all([findingRoutes, findingAgents, findingDirect]);
	const names = new Map(agentRows.map((agent) => [agent.id, agent.name]));
	const direct = new Map(directRows.map((integration) => [integration.integrationId, integration]));

	const shared = (): { source: "plan" | "project"; list: FoundRoute[] } => {
		const ofPlan = found.filter((route) => route.planId === planId);
		return ofPlan.length > 0
			? { source: "plan", list: ofPlan }
			: { source: "project", list: found.filter((route) => !route.agentId && !route.planId) };
	};
	const toDestination = (
		{ agentId: _, planId: __, ...route }: FoundRoute,
		agent: Destination["agent"],
		source: Destination["source"],
	): Destination => ({ ...route, agent, source });

	const destinations = targets.flatMap((target): Destination[] => {
		if (!("agent_id" in target)) {
			const integration = direct.get(target.integration_id);
			return integration ? [{ ...integration, address: target.address, agent: null, source: "request" }] : [];
		}
		const agent = { id: target.agent_id, name: names.get(target.agent_id) ?? "" };
		const own = found.filter((route) => route.agentId === target.agent_id);
		if (own.length > 0) return own.map((route) => toDestination(route, agent, "agent"));
		const { source, list } = shared();
		return list.map((route) => toDestination(route, agent, source));
	});
	if (targets.length === 0) {
		const { source, list } = shared();
		destinations.push(...list.map((route) => toDestination(route, null, source)));
	}

	const seen = new Set<string>();
	return destinations.filter((destination) => {
		const key = `${destination.agent?.id}/${destination.integrationId}/${destination.address}`;
		return !seen.has(key) && seen.add(key);
	});
};
