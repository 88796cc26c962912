import type { BlockCause, IdleReason, NextTask } from "@agentplanner/contracts";
import { and, eq, ne, plans, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { inVisiblePlan, visiblePlans } from "../plans/authorize-plan.ts";
import { fits, hasOpenBelow, isAssignedToOthers, isClaimed, isToBegin, type Sought } from "./find-next-task.ts";
import { blockersOf } from "./finished.ts";

type Reason = NextTask["reasons"][number];

const mostExamples = 3;

/** Why there is no next task: the open tasks by what keeps each from being it, and some of each by name. */
export const explainIdleness = async (ctx: ProjectContext, sought: Sought): Promise<Reason[]> => {
	const { planId } = sought;
	const inactive = await findInactivePlans(ctx, planId);
	if (planId !== null && inactive.length > 0) return inactive;
	const held = await findHeldTasks(ctx, sought);
	if (held.length > 0) return [...held, ...inactive];
	return [...inactive, await sayNothingIsOpen(ctx, planId)];
};

const ofPlan = (planId: string | null) => (planId === null ? undefined : eq(plans.id, planId));

const findInactivePlans = async (ctx: ProjectContext, planId: string | null): Promise<Reason[]> => {
	const found = await ctx.db
		.select({ id: plans.id, title: plans.title, status: plans.status, total: sql<number>`(count(*) over ())::int` })
		.from(plans)
		.where(and(eq(plans.projectId, ctx.projectId), ofPlan(planId), ne(plans.status, "active"), visiblePlans(ctx)))
		.orderBy(plans.id)
		.limit(mostExamples);
	const total = found[0]?.total ?? 0;
	if (total === 0) return [];
	const isA = { draft: "a draft", active: "active", completed: "completed", archived: "archived" };
	return [
		{
			reason: "plan_inactive",
			message: `${total === 1 ? "One plan is" : `${total} plans are`} not active. Tasks are handed out in active plans alone.`,
			count: total,
			examples: found.map(({ id, title, status }) => ({ id, plan_id: id, title, message: `“${title}” is ${isA[status]}.` })),
		},
	];
};

const sayNothingIsOpen = async (ctx: ProjectContext, planId: string | null): Promise<Reason> => {
	const { rows } = await ctx.db.execute<{ total: number }>(sql`
		select count(*)::int as total from plan_nodes node join plans on plans.id = node.plan_id
		where node.project_id = ${ctx.projectId} and node.kind = 'task' and node.deleted_at is null
			and plans.status = 'active' and ${visiblePlans(ctx)} and ${planId === null ? sql`true` : sql`plans.id = ${planId}`}`);
	const total = rows[0]?.total ?? 0;
	return total === 0
		? { reason: "no_tasks", message: "There are no tasks yet.", count: 0, examples: [] }
		: { reason: "all_finished", message: "All tasks are completed or cancelled.", count: total, examples: [] };
};

type HoldReason = Exclude<IdleReason, "plan_inactive" | "no_tasks" | "all_finished">;
type Held = {
	reason: HoldReason;
	total: number;
	id: string;
	plan_id: string;
	title: string;
	names: string[];
	cause: BlockCause | null;
	until: string | null;
};

/** In the order in which a task's reasons are looked at; the first that holds is told. */
const isHeld: Record<HoldReason, (sought: Sought) => ReturnType<typeof sql>> = {
	filtered: ({ filter }) => sql`not ${fits(filter)}`,
	under_closed: () => sql`above.closed`,
	blocked: () => sql`(node.status = 'blocked' or above.blocked)`,
	waiting: () => sql`exists (${blockersOf("node")})`,
	claimed: () => isClaimed,
	in_progress: () => sql`not ${isToBegin}`,
	assigned: ({ asker }) => isAssignedToOthers(asker),
	under_work: () => hasOpenBelow,
};
const holdReasons = Object.keys(isHeld) as HoldReason[];

const findHeldTasks = async (ctx: ProjectContext, sought: Sought): Promise<Reason[]> => {
	const { planId } = sought;
	const reasonOf = sql.join(
		holdReasons.map((reason) => sql`when ${isHeld[reason](sought)} then ${reason}`),
		sql` `,
	);
	const { rows } = await ctx.db.execute<Held>(sql`
		with held as (
			select node.id, node.plan_id, node.project_id, node.parent_id, node.title, node.blocked_by, case ${reasonOf} end as reason
			from plans join plan_nodes node on node.plan_id = plans.id
			cross join lateral (
				with recursive path as (
					select node.parent_id as id
					union all
					select step.parent_id from path join plan_nodes step on step.id = path.id
				)
				select coalesce(bool_or(step.status in ('completed', 'cancelled')), false) as closed, coalesce(bool_or(step.status = 'blocked'), false) as blocked
				from path join plan_nodes step on step.id = path.id
			) above
			where plans.project_id = ${ctx.projectId} and plans.status = 'active' and ${visiblePlans(ctx)}
				and ${planId === null ? sql`true` : sql`plans.id = ${planId}`}
				and node.kind = 'task' and node.status not in ('completed', 'cancelled') and node.deleted_at is null
		),
		ranked as (
			select *, (count(*) over (partition by reason))::int as total, row_number() over (partition by reason order by id) as rank
			from held where reason is not null
		)
		select node.reason, node.total, node.id, node.plan_id, node.title,
			node.blocked_by as cause,
			coalesce(case node.reason
				when 'waiting' then (
					select array_agg(upstream.title order by blocker.height, upstream.id) from (${blockersOf("node")}) blocker
					join plan_nodes upstream on upstream.id = blocker.upstream_id and ${inVisiblePlan(ctx, sql`upstream.plan_id`)}
				)
				when 'claimed' then (
					select array_agg(coalesce(agents.name, users.name)) from node_claims claim
					left join agents on agents.id = claim.agent_id left join users on users.id = claim.user_id
					where claim.node_id = node.id and claim.ended_at is null
				)
				when 'assigned' then (
					select array_agg(coalesce(agents.name, users.name) order by assignment.id) from node_assignments assignment
					left join agents on agents.id = assignment.agent_id left join users on users.id = assignment.user_id
					where assignment.node_id = node.id
				)
			end, '{}') as names,
			case when node.reason = 'claimed' then (
				select claim.lease_until::text from node_claims claim where claim.node_id = node.id and claim.ended_at is null
			) end as until
		from ranked node where node.rank <= ${mostExamples} order by node.reason, node.rank`);
	return holdReasons.flatMap((reason) => {
		const examples = rows.filter((row) => row.reason === reason);
		const total = examples[0]?.total ?? 0;
		return total === 0
			? []
			: [
					{
						reason,
						message: sum(reason, total),
						count: total,
						examples: examples.map((row) => ({ id: row.id, plan_id: row.plan_id, title: row.title, message: tell(row) })),
					},
				];
	});
};

const sum = (reason: HoldReason, total: number): string => {
	const [one, several] = {
		filtered: ["lacks the label or the mode that you asked for", "lack the label or the mode that you asked for"],
		under_closed: ["stands below something that is completed or cancelled", "stand below something that is completed or cancelled"],
		blocked: ["is blocked, or below something that is", "are blocked, or below something that is"],
		waiting: ["waits for others to be finished", "wait for others to be finished"],
		claimed: ["is claimed", "are claimed"],
		in_progress: ["is in progress", "are in progress"],
		assigned: ["is assigned to others", "are assigned to others"],
		under_work: ["has open nodes below it that come first", "have open nodes below them that come first"],
	}[reason];
	return total === 1 ? `One task ${one}.` : `${total} tasks ${several}.`;
};

const causes: Record<BlockCause, string> = {
	person: "somebody set it so",
	decision: "a decision is pending",
	dependency: "it waits for others",
};

const tell = ({ reason, title, names, cause, until }: Held): string => {
	const [first, ...others] = names;
	const whom = first === undefined ? null : others.length === 0 ? first : `${first} and ${others.length} more`;
	const subject = `“${title}”`;
	switch (reason) {
		case "waiting":
			return first === undefined
				? `${subject} waits for something that you don't see.`
				: `${subject} waits for “${first}”${others.length === 0 ? "" : ` and ${others.length} more`}.`;
		case "claimed":
			return `${subject} is claimed by ${whom}${until === null ? "" : ` until ${new Date(until).toISOString()}`}.`;
		case "assigned":
			return `${subject} is assigned to ${whom}.`;
		case "blocked":
			return cause === null ? `${subject} is below something that is blocked.` : `${subject} is blocked: ${causes[cause]}.`;
		case "filtered":
			return `${subject} has another label or mode.`;
		case "under_closed":
			return `${subject} is below something that is completed or cancelled.`;
		case "in_progress":
			return `${subject} is in progress.`;
		case "under_work":
			return `${subject} has open nodes below it that come first.`;
	}
};
