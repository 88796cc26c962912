import type { RequestTarget } from "@agentplanner/contracts";
import { type SQL, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";

// From the nearest to the farthest: a target goes by the routes of the first that has any.
const sources = ["request", "agent", "plan", "project"] as const;

export type Destination = {
	agent: { id: string; name: string } | null;
	integrationId: string;
	integrationName: string;
	adapter: string;
	address: string;
	source: (typeof sources)[number];
	integrationEnabled: boolean;
	disabledReason: string | null;
	/** For the delivery that goes there, which is to be known before it is stored. */
	newId: string;
};

/** Who is counted when answers are: an agent, or the people behind a route without one. */
export const respondentOf = (destination: { agentId: string | null; integrationId: string; address: string }): string =>
	destination.agentId ? `agent:${destination.agentId}` : `route:${destination.integrationId}/${destination.address}`;

/** By the project's routes it goes as long as its plan isn't private: others read along there. */
export const openPlanOf = ({ source }: Pick<Destination, "source">, planId: string): string | null =>
	source === "project" ? planId : null;

/** With ids as the database writes them: a caller may use capital letters. */
export const normalTarget = (target: RequestTarget): RequestTarget =>
	"agent_id" in target
		? { agent_id: target.agent_id.toLowerCase() }
		: { integration_id: target.integration_id.toLowerCase(), address: target.address };

/**
 * Where a request on a node of this plan would go: each asked agent by its own routes, else the plan's, else the project's;
 * a route that was asked directly as it is; with no targets the plan's, else the project's. What is in a private plan never goes by the
 * project's, where others read along.
 */
export const resolveDestinations = (ctx: ProjectContext, planId: string, targets: RequestTarget[]): Promise<Destination[]> =>
	resolve(
		ctx,
		sql`(select ${ctx.projectId}::uuid as project_id, ${planId}::uuid as plan_id) request
			left join jsonb_to_recordset(${JSON.stringify(targets.map((target, position) => ({ ...target, position })))}::jsonb)
				as target (position integer, agent_id uuid, integration_id uuid, address text) on true`,
	);

/** Where a stored request goes, by the same rules. */
export const resolveDestinationsOf = (ctx: ProjectContext, requestId: string): Promise<Destination[]> =>
	resolve(
		ctx,
		sql`(select id, project_id, plan_id from agent_requests where project_id = ${ctx.projectId} and id = ${requestId}) request
			left join agent_request_targets target on target.agent_request_id = request.id`,
	);

/**
 * Where word goes that asks no agent: the routes that are named, else the routes of the node's plan, else the project's; what goes beyond a
 * plan goes by the project's alone. The query is on its way when the call returns.
 */
export const resolveWordOf = (
	ctx: ProjectContext,
	about: { nodeId: string } | { beyondPlanId: string },
	named: { integration_id: string; address: string }[] = [],
): Promise<Destination[]> => {
	const place =
		"nodeId" in about
			? sql`select project_id, plan_id from plan_nodes where project_id = ${ctx.projectId} and id = ${about.nodeId}`
			: sql`select project_id, null::uuid as plan_id from plans
				where project_id = ${ctx.projectId} and id = ${about.beyondPlanId} and visibility <> 'private'`;
	const targets = JSON.stringify(named.map((target, position) => ({ ...target, position })));
	return resolve(
		ctx,
		sql`(${place}) request
			left join lateral (
				select position, null::uuid as agent_id, integration_id, address
				from jsonb_to_recordset(${targets}::jsonb) as named (position integer, integration_id uuid, address text)
			) target on true`,
	);
};

/** One way that a target could go. Who asks nobody in particular has one target without anything in it. */
type Candidate = {
	position: number | null;
	agent_id: string | null;
	agent_name: string | null;
	integration_id: string;
	integration_name: string;
	adapter: string;
	address: string;
	source: Destination["source"];
	enabled: boolean;
	disabled_reason: string | null;
	new_id: string;
};

/** `asked`: the tables `request` (project, plan) and, outer joined, `target`. */
const resolve = async ({ db }: ProjectContext, asked: SQL): Promise<Destination[]> => {
	const { rows } = await db.execute<Candidate>(sql`
		select target.position, target.agent_id, agent.name as agent_name, integration.id as integration_id,
			integration.name as integration_name, integration.adapter, coalesce(route.address, target.address) as address,
			case
				when route.id is null then 'request'
				when route.agent_id is not null then 'agent'
				when route.plan_id is not null then 'plan'
				else 'project'
			end as source,
			integration.enabled, integration.disabled_reason, uuidv7() as new_id
		from ${asked}
		left join plans plan on plan.project_id = request.project_id and plan.id = request.plan_id
		left join agents agent on agent.project_id = request.project_id and agent.id = target.agent_id
		left join routes route on target.integration_id is null and route.project_id = request.project_id
			and (route.agent_id = target.agent_id or (route.agent_id is null and route.plan_id = request.plan_id)
				or (route.agent_id is null and route.plan_id is null and plan.visibility is distinct from 'private'))
		join messaging_integrations integration
			on integration.project_id = request.project_id and integration.id = coalesce(route.integration_id, target.integration_id)
		where target.agent_id is null or agent.id is not null
		order by target.position, route.position`);
	const byTarget = Map.groupBy(rows, ({ position }) => position);
	const seen = new Set<string>();
	return [...byTarget.values()]
		.flatMap(nearest)
		.map(toDestination)
		.filter((destination) => {
			const key = `${destination.agent?.id}/${destination.integrationId}/${destination.address}`;
			return !seen.has(key) && seen.add(key);
		});
};

const nearest = (candidates: Candidate[]): Candidate[] => {
	const nearestSource = sources.find((source) => candidates.some((candidate) => candidate.source === source));
	return candidates.filter(({ source }) => source === nearestSource);
};

const toDestination = (row: Candidate): Destination => ({
	agent: row.agent_id === null ? null : { id: row.agent_id, name: row.agent_name ?? "" },
	integrationId: row.integration_id,
	integrationName: row.integration_name,
	adapter: row.adapter,
	address: row.address,
	source: row.source,
	integrationEnabled: row.enabled,
	disabledReason: row.disabled_reason,
	newId: row.new_id,
});
