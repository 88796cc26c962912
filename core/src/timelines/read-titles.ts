import { type SQL, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { visiblePlans } from "../plans/authorize-plan.ts";
import { tokenAgentId } from "../requests/addressee.ts";

const beginning = (text: SQL): SQL => sql`left(${text}, 200)`;

/**
 * By the kind of an event's subject: its name, or the beginning of what it says. Kinds that aren't here have neither. An agent's own token
 * reads what was asked of it and what it said and asked itself, not the words of others who were asked.
 */
const titlesFor = (ctx: ProjectContext, agentId = tokenAgentId(ctx)): Record<string, SQL> => ({
	plan: sql`select title from plans where id = item.subject_id`,
	node: sql`select title from plan_nodes where id = item.subject_id`,
	/** A node to which another one is linked, maybe of a plan that the reader doesn't see. */
	linked: sql`select plan_nodes.title from plan_nodes join plans on plans.id = plan_nodes.plan_id where plan_nodes.id = item.subject_id and ${visiblePlans(ctx)}`,
	goal: sql`select title from goals where id = item.subject_id`,
	comment: sql`select ${beginning(sql`text`)} from plan_comments where id = item.subject_id and deleted_at is null`,
	mention: sql`select name from users where id = item.subject_id`,
	log: sql`select ${beginning(sql`text`)} from plan_node_logs where id = item.subject_id`,
	request: sql`select ${beginning(sql`question`)} from agent_requests request where id = item.subject_id and ${own(
		agentId,
		(id) => sql`exists (
			select from message_deliveries delivery
			where delivery.agent_request_id = request.id and delivery.agent_id = ${id}::uuid and delivery.kind = 'request'
		)`,
	)}`,
	response: sql`select ${beginning(sql`text`)} from agent_responses where id = item.subject_id and ${own(agentId, (id) => sql`agent_id = ${id}::uuid`)}`,
	decision: sql`select ${beginning(sql`question`)} from decision_requests where id = item.subject_id and ${own(agentId, (id) => sql`asked_by_agent_id = ${id}::uuid`)}`,
	delivery: sql`select name from messaging_integrations where id = (select integration_id from message_deliveries where id = item.subject_id)`,
	agent: sql`select name from agents where id = item.subject_id`,
	integration: sql`select name from messaging_integrations where id = item.subject_id`,
	member: sql`select name from users where id = item.subject_id`,
	project: sql`select name from projects where id = item.subject_id`,
});

const own = (agentId: string | null, isTheirs: (agentId: string) => SQL): SQL => (agentId === null ? sql`true` : isTheirs(agentId));

export type Named = { kind: string; id: string };

export const titleKey = ({ kind, id }: Named): string => `${kind} ${id}`;

/**
 * Their titles by `titleKey`, for an agent's own token or whoever else: one look by primary key each. The query knows of the kinds that
 * are asked for alone, so that Postgres soon keeps its plan, which costs more than to follow it.
 */
export const readTitles = async (ctx: ProjectContext, asked: Named[]): Promise<ReadonlyMap<string, string>> => {
	const titles = titlesFor(ctx);
	const items = [...new Map(asked.filter(({ kind }) => kind in titles).map((one) => [titleKey(one), one])).values()];
	if (items.length === 0) return new Map();
	const branches = [...new Set(items.map(({ kind }) => kind))]
		.sort()
		.map((kind) => sql`when ${sql.raw(`'${kind}'`)} then (${titles[kind]})`);
	const { rows } = await ctx.db.execute<Named & { title: string | null }>(sql`
		select item.subject_type as kind, item.subject_id as id, case item.subject_type ${sql.join(branches, sql` `)} end as title
		from unnest(${sql.param(items.map(({ kind }) => kind))}::text[], ${sql.param(items.map(({ id }) => id))}::uuid[]) item (subject_type, subject_id)`);
	return new Map(rows.flatMap((row) => (row.title === null ? [] : [[titleKey(row), row.title] as const])));
};
