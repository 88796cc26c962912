import { type SQL, sql } from "@agentplanner/db";

const beginning = (text: SQL): SQL => sql`left(${text}, 200)`;

/** By the kind of an event's subject: its name, or the beginning of what it says. Kinds that aren't here have neither. */
const titles: Record<string, SQL> = {
	plan: sql`select title from plans where id = item.subject_id`,
	node: sql`select title from plan_nodes where id = item.subject_id`,
	goal: sql`select title from goals where id = item.subject_id`,
	comment: sql`select ${beginning(sql`text`)} from plan_comments where id = item.subject_id and deleted_at is null`,
	mention: sql`select name from users where id = item.subject_id`,
	log: sql`select ${beginning(sql`text`)} from plan_node_logs where id = item.subject_id`,
	request: sql`select ${beginning(sql`question`)} from agent_requests where id = item.subject_id`,
	response: sql`select ${beginning(sql`text`)} from agent_responses where id = item.subject_id`,
	decision: sql`select ${beginning(sql`question`)} from decision_requests where id = item.subject_id`,
	delivery: sql`select name from messaging_integrations where id = (select integration_id from message_deliveries where id = item.subject_id)`,
	agent: sql`select name from agents where id = item.subject_id`,
	integration: sql`select name from messaging_integrations where id = item.subject_id`,
	member: sql`select name from users where id = item.subject_id`,
	project: sql`select name from projects where id = item.subject_id`,
};

/** The title of the subject of an event `item`: one look by primary key, in the table of its kind alone. */
export const subjectTitle: SQL = sql`case item.subject_type ${sql.join(
	Object.entries(titles).map(([kind, title]) => sql`when ${sql.raw(`'${kind}'`)} then (${title})`),
	sql` `,
)} end`;
