import { type SQL, sql } from "@agentplanner/db";

const beginning = (text: SQL): SQL => sql`left(${text}, 200)`;

/**
 * By the kind of an event's subject: its name, or the beginning of what it says. Kinds that aren't here have neither. An agent's own token
 * reads what was asked of it and what it said and asked itself, not the words of others who were asked.
 */
const titlesFor = (agentId: string | null): Record<string, SQL> => ({
	plan: sql`select title from plans where id = item.subject_id`,
	node: sql`select title from plan_nodes where id = item.subject_id`,
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

/** The title of the subject of an event `item`, for an agent's own token or whoever else: one look by primary key, in the table of its kind alone. */
export const subjectTitle = (agentId: string | null): SQL =>
	sql`case item.subject_type ${sql.join(
		Object.entries(titlesFor(agentId)).map(([kind, title]) => sql`when ${sql.raw(`'${kind}'`)} then (${title})`),
		sql` `,
	)} end`;
