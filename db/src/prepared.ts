import { type Placeholder, sql } from "drizzle-orm";
import type { Orm, Transaction } from "./client.ts";

/** What each call gives, as the query names it. */
export type Given<Values> = { [Name in keyof Values]: Placeholder<string, Values[Name]> };

type Built<Result> = { execute(values: Record<string, unknown>): Promise<Result> };

/**
 * A query that is asked all the time: Drizzle writes it down once per connection instead of with every call, which costs more than
 * sending it. It begins at once, as with `.execute()`.
 */
export const prepared = <Values extends Record<string, unknown>, Result>(
	build: (db: Orm | Transaction, given: Given<Values>) => { prepare(name: string): Built<Result> },
) => {
	const given = new Proxy({} as Given<Values>, { get: (_, name) => sql.placeholder(String(name)) });
	const known = new WeakMap<Orm | Transaction, Built<Result>>();
	return (db: Orm | Transaction, values: Values): Promise<Result> => {
		// Without a name: the client gives one, and takes it back.
		const query = known.get(db) ?? build(db, given).prepare("");
		known.set(db, query);
		return query.execute(values);
	};
};
