import { and, desc, eq, lt, type PgColumn, sql } from "@agentplanner/db";
import { InvalidInputError } from "./errors.ts";

export type PageInput = { limit: number; cursor?: string | undefined };

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Lists go by id (uuidv7: newest first), so the cursor is the last id. Null at the start. */
export const cursorId = ({ cursor }: PageInput): string | null => {
	if (cursor === undefined) return null;
	if (!uuid.test(cursor))
		throw new InvalidInputError("The cursor is not one that this API gave out.", [{ field: "query.cursor", message: "is not a cursor" }]);
	return cursor;
};

/**
 * The rows of a project behind the cursor, newest first. Without a narrower filter Postgres has to take the index on both columns: where
 * it knows of one project alone it may go down the ids of all, which takes long in one where nothing happened lately.
 */
export const newestInProject = (
	{ projectId, id }: Record<"projectId" | "id", PgColumn>,
	given: { projectId: string; before: string | null; narrowed: boolean },
) => {
	const before = given.before === null ? undefined : lt(id, given.before);
	if (given.narrowed) return { where: and(eq(projectId, given.projectId), before), orderBy: [desc(id)] };
	const inProject = sql`${projectId} = any(${sql.param([given.projectId])}::uuid[])`;
	return { where: and(inProject, before), orderBy: [desc(projectId), desc(id)] };
};

/** Cuts one page off `rows`, which were read with `limit + 1`. */
export const toPage = <Row extends { id: string }, Item>(
	rows: Row[],
	limit: number,
	present: (row: Row) => Item,
): { items: Item[]; next_cursor: string | null } => {
	const shown = rows.slice(0, limit);
	const last = rows.length > limit ? shown.at(-1) : undefined;
	return { items: shown.map(present), next_cursor: last?.id ?? null };
};
