import { createTestDatabase } from "@agentplanner/db/testing";
import { type Observations, observe } from "./observations.ts";

/** A database of this test's own, with the tables that `observe` writes to. */
export const createObservations = async (): Promise<Observations> => {
	const { url, db, drop } = await createTestDatabase();
	await db.pool.query(`
		create table runs (id bigint generated always as identity, label text, wake_id text, attempt int, process int,
			at timestamptz default clock_timestamp());
		create table effects (key text primary key)`);
	return { ...observe(db), url, db, drop };
};
