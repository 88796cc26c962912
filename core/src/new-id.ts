import { sql } from "@agentplanner/db";
import type { Tx } from "./context.ts";

/** An id of the database's making, for what has to be known before its row is written. */
export const newId = async (tx: Tx): Promise<string> => {
	const { rows } = await tx.db.execute<{ id: string }>(sql`select uuidv7() as id`);
	if (!rows[0]) throw new Error("The database made no id.");
	return rows[0].id;
};
