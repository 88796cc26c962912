import { type SQL, sql } from "drizzle-orm";

/** Check expression: the column holds one of the vocabulary's words. */
export const oneOf = (column: string, words: readonly string[]): SQL =>
	sql.raw(`${column} in (${words.map((word) => `'${word}'`).join(", ")})`);
