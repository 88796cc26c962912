import { subjectsIn, type TimelineGroup, type TimelinePage, type TimelineQuery } from "@agentplanner/contracts";
import { type SQL, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { type EventRow, namedIn, presentItem } from "./present.ts";
import { readTitles } from "./read-titles.ts";

/** Most events that one page looks through where some are left out, so that none takes long however rare what it looks for is. */
export const scanLimit = 5_000;

type Place = {
	/** Of `events`: indexed together with the position. */
	column: "project_id" | "plan_id" | "node_id";
	id: string;
	/** Which of these the reader sees, where it isn't all. */
	visible?: SQL;
	/** The same where it leaves out so few that a page needs no end to how far it looks. */
	readable?: SQL;
};

/**
 * One page of a timeline, newest first: the events, and the few words that a reader needs of what they are about.
 * The caller has checked who reads.
 */
export const readTimeline = async (
	ctx: ProjectContext,
	{ column, id, visible, readable = sql`true` }: Place,
	query: TimelineQuery,
): Promise<TimelinePage> => {
	const filters = [visible, ofGroups(query.groups), ofActor(query.actor_id)].filter((filter) => filter !== undefined);
	const isFiltered = filters.length > 0;
	const key = sql.raw(column);
	// As a range over both: with `key = id` Postgres may go down all positions instead, which never ends for a place where nothing
	// happened lately.
	const newest = (columns: SQL) => sql`select ${columns} from events
		where ${key} is not null and (${key}, position) >= (${id}::uuid, 0) and (${key}, position) < (${id}::uuid, ${query.cursor ?? Number.MAX_SAFE_INTEGER}::bigint)
			and ${readable}
		order by ${key} desc, position desc`;
	const page = sql`limit ${query.limit + 1}`;
	const wanted = isFiltered
		? sql`select * from (${newest(sql`*`)} limit ${scanLimit}) scanned where ${sql.join(filters, sql` and `)} order by position desc ${page}`
		: sql`${newest(sql`*`)} ${page}`;
	const scanEnd = isFiltered ? sql`(${newest(sql`position`)} offset ${scanLimit - 1} limit 1)` : sql`null::bigint`;
	const { rows } = await ctx.db.execute<Partial<EventRow> & { scan_end: string | null }>(sql`
		select item.id, item.position, item.type, item.subject_type, item.subject_id, item.data, item.actor, item.occurred_at,
			item.plan_id, item.node_id, one.scan_end
		from (select ${scanEnd} as scan_end) one left join lateral (${wanted}) item on true
		order by item.position desc`);
	const items = rows.filter((row): row is EventRow & { scan_end: string | null } => row.id !== null);
	const shown = items.slice(0, query.limit);
	const end = (items.length > query.limit ? shown.at(-1)?.position : rows[0]?.scan_end) ?? null;
	const titles = await readTitles(ctx, shown.flatMap(namedIn));
	return { items: shown.map((row) => presentItem(row, titles)), next_cursor: end === null ? null : Number(end) };
};

const ofGroups = (groups: string | undefined): SQL | undefined =>
	groups === undefined
		? undefined
		: sql`subject_type = any(${sql.param(subjectsIn(new Set(groups.split(",") as TimelineGroup[])))}::text[])`;

const ofActor = (actorId: string | undefined): SQL | undefined =>
	actorId === undefined ? undefined : sql`${actorId.toLowerCase()} in (actor ->> 'userId', actor ->> 'agentId')`;
