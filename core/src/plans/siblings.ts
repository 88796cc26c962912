import { and, asc, eq, inArray, isNull, or, planNodes, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { UnprocessableError } from "../errors.ts";
import { freshPositions, positionsBetween } from "./position.ts";

/** From here on siblings get fresh keys instead of a longer one. */
const longestPosition = 32;

/** `position: null`: has none yet. */
type Sibling = { id: string; position: string | null; isDeleted: boolean };

/** Which node, and behind which sibling; null: first. */
export type Spot = { id: string; afterId: string | null };

/**
 * Puts nodes of a locked plan under that parent, one by one in this order. Answers whether that changed anything that shows. Throws
 * UnprocessableError for a sibling that is not there.
 */
export const placeUnder = async (tx: Tx<ProjectContext>, planId: string, parentId: string | null, spots: Spot[]): Promise<boolean> => {
	const children = await listChildren(tx, planId, parentId);
	const moving = new Set(spots.map(({ id }) => id));
	// Deleted ones keep their place, so that they come back to where they were.
	const order: Sibling[] = children.filter(({ id }) => !moving.has(id));
	for (const { id, afterId } of spots) order.splice(indexAfter(order, afterId), 0, { id, position: null, isDeleted: false });
	if (showsTheSame(order, children)) return false;

	const keys = fillGaps(order) ?? freshPositions(order.length);
	const changed = order.flatMap(({ id, position }, index) => (position === keys[index] ? [] : [{ id, key: keys[index] ?? "" }]));
	const [ids, positions] = [changed.map(({ id }) => id), changed.map(({ key }) => key)];
	// The versions of those that only got a fresh key stay: nothing that a person edits has changed.
	await tx.db.execute(sql`
		update plan_nodes node set position = given.position, parent_id = ${parentId},
			version = version + (node.id = any(${sql.param([...moving])}::uuid[]))::integer,
			updated_at = case when node.id = any(${sql.param([...moving])}::uuid[]) then now() else updated_at end
		from unnest(${sql.param(ids)}::uuid[], ${sql.param(positions)}::text[]) as given (id, position)
		where node.project_id = ${tx.projectId} and node.id = given.id`);
	return true;
};

/** Where those nodes stand now, sibling after sibling. */
export const readSpots = async (tx: Tx<ProjectContext>, planId: string, nodes: { id: string; parentId: string | null }[]) => {
	const parents = new Set(nodes.map(({ parentId }) => parentId));
	const isSibling = or(
		inArray(
			planNodes.parentId,
			[...parents].filter((id) => id !== null),
		),
		parents.has(null) ? isNull(planNodes.parentId) : undefined,
	);
	const { rows } = await tx.db.execute<{ id: string; parent_id: string | null; after_id: string | null }>(sql`
		select id, parent_id, after_id from (
			select id, parent_id, position, lag(id) over (partition by parent_id order by position, id) as after_id
			from plan_nodes where plan_id = ${planId} and deleted_at is null and ${isSibling}
		) spot
		where id = any(${sql.param(nodes.map(({ id }) => id))}::uuid[])
		order by parent_id, position, id`);
	return rows;
};

const listChildren = (tx: Tx<ProjectContext>, planId: string, parentId: string | null): Promise<(Sibling & { position: string })[]> =>
	tx.db
		.select({ id: planNodes.id, position: planNodes.position, isDeleted: sql<boolean>`${planNodes.deletedAt} is not null` })
		.from(planNodes)
		.where(and(eq(planNodes.planId, planId), parentId === null ? isNull(planNodes.parentId) : eq(planNodes.parentId, parentId)))
		.orderBy(asc(planNodes.position), asc(planNodes.id));

const indexAfter = (order: Sibling[], afterId: string | null): number => {
	if (afterId === null) return 0;
	const index = order.findIndex(({ id, isDeleted }) => id === afterId && !isDeleted);
	if (index === -1)
		throw new UnprocessableError(
			"The node to come after is not among the children of that parent; it may have been moved. Load the plan again and choose the place.",
			[{ field: "body.after_id", message: "is not another child of that parent" }],
		);
	return index + 1;
};

const showsTheSame = (left: Sibling[], right: Sibling[]): boolean => {
	const shown = (siblings: Sibling[]) => siblings.filter(({ isDeleted }) => !isDeleted).map(({ id }) => id);
	return shown(left).join() === shown(right).join();
};

/** A key for each, new ones between those that are there; null where there is no room, or none that is short enough. */
const fillGaps = (order: Sibling[]): string[] | null => {
	const keys: string[] = [];
	for (let index = 0; index < order.length; ) {
		const { position } = order[index] as Sibling;
		const before = keys.at(-1) ?? null;
		if (position !== null) {
			if (before !== null && before >= position) return null;
			keys.push(position);
			index += 1;
			continue;
		}
		const next = order.findIndex((sibling, at) => at > index && sibling.position !== null);
		const end = next === -1 ? order.length : next;
		const after = order[end]?.position ?? null;
		if (before !== null && after !== null && before >= after) return null;
		keys.push(...positionsBetween(before, after, end - index));
		index = end;
	}
	return keys.some((key) => key.length > longestPosition) ? null : keys;
};
