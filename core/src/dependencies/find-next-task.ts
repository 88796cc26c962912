import type { TaskFilter } from "@agentplanner/contracts";
import { type SQL, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { visiblePlans } from "../plans/authorize-plan.ts";
import { directBlockersOf } from "./finished.ts";

/** For whom a task is sought: what is assigned to them counts beside what is assigned to nobody. */
export type Asker = { userId: string | null; agentId: string | null };

/** What is sought: of one plan or of all, by whom, and what alone they would take. */
export type Sought = { planId: string | null; asker: Asker; filter: TaskFilter };

/**
 * The id of the next task that the asker could begin, null if there is none: in an active plan that the caller sees, not started (or
 * given back by a claim that ran out), waiting for nothing, under nothing that is blocked, closed or waiting, with nothing open below
 * it, neither claimed nor assigned to others alone, and of the label and the mode asked for. Of one plan the one furthest up; of all plans, from the oldest one that has any.
 *
 * Inside a transaction, with `lock`: the node is locked then, and one that somebody else has locked is passed over.
 */
export const findNextTask = async (
	ctx: ProjectContext,
	{ planId, asker, filter }: Sought,
	{ lock }: { lock?: true } = {},
): Promise<string | null> => {
	// One candidate after the other is looked at and locked, in the order of the walk, until the limit stops it.
	const { rows } = await ctx.db.execute<{ id: string }>(sql`
		select task.id from plans cross join lateral (
			${openWalk("plans")}
			select node.id from (select id from walk where kind = 'task' order by place) candidate
			cross join lateral (
				select node.id from plan_nodes node
				where node.id = candidate.id and node.deleted_at is null and ${fits(filter)} and ${isToBegin} and not ${hasOpenBelow} and ${isFreeFor(asker)}
				${lock ? sql`for no key update skip locked` : sql``}
			) node
			limit 1
		) task
		where plans.project_id = ${ctx.projectId} and plans.status = 'active' and ${visiblePlans(ctx)}
			and ${planId === null ? sql`true` : sql`plans.id = ${planId}`}
		order by plans.id limit 1`);
	return rows[0]?.id ?? null;
};

/** A plan's nodes that are open and may be worked on, from the top down: it goes no further below what is closed, blocked or waiting. */
const openWalk = (plan: string): SQL => {
	// A blank sorts before everything that positions are made of, so that the id only decides between equal ones.
	const place = sql`(child.position || ' ' || child.id) collate "C"`;
	const goesOn = sql`child.deleted_at is null and child.status in ('not_started', 'in_progress') and not exists (${directBlockersOf("child")})`;
	return sql`
		with recursive walk as (
			select child.id, child.kind, array[${place}] as place from plan_nodes child
			where child.plan_id = ${sql.raw(plan)}.id and child.parent_id is null and ${goesOn}
			union all
			select child.id, child.kind, walk.place || ${place} from walk
			join plan_nodes child on child.plan_id = ${sql.raw(plan)}.id and child.parent_id = walk.id
			where ${goesOn}
		)`;
};

// What concerns `node`, a row of plan_nodes:

export const fits = ({ label, task_mode: mode }: TaskFilter): SQL => {
	const isLabelled = sql`exists (
		select from plan_node_labels named where named.plan_id = node.plan_id and named.node_id = node.id and named.label = ${label}::citext
	)`;
	return sql`(${label === undefined ? sql`true` : isLabelled} and ${mode === undefined ? sql`true` : sql`node.task_mode = ${mode}`})`;
};

const openClaim = sql`select from node_claims claim where claim.node_id = node.id and claim.ended_at is null`;

/** A claim that ran out is nobody's, also before its timer has set the node back. */
export const isToBegin: SQL = sql`(node.status = 'not_started' or (node.status = 'in_progress' and exists (${openClaim} and claim.lease_until <= now())))`;

export const isClaimed: SQL = sql`exists (${openClaim} and claim.lease_until > now())`;

export const hasOpenBelow: SQL = sql`exists (
	select from plan_nodes below where below.plan_id = node.plan_id and below.parent_id = node.id
		and below.deleted_at is null and below.status not in ('completed', 'cancelled')
)`;

export const isAssignedToOthers = ({ userId, agentId }: Asker): SQL => sql`(
	exists (select from node_assignments assignment where assignment.node_id = node.id)
	and not exists (
		select from node_assignments assignment where assignment.node_id = node.id
			and (assignment.user_id = ${userId}::uuid or assignment.agent_id = ${agentId}::uuid)
	)
)`;

const isFreeFor = (asker: Asker): SQL => sql`(not ${isClaimed} and not ${isAssignedToOthers(asker)})`;
