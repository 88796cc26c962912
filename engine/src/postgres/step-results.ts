import { and, type Database, engineStepResults, eq, lt, sql } from "@agentplanner/db";

export type RunKey = { workflow: string; wakeId: string };

const failuresOf = (step: string) => `${step} (failures)`;
const ofRun = ({ workflow, wakeId }: RunKey) => and(eq(engineStepResults.workflow, workflow), eq(engineStepResults.wakeId, wakeId));

/** What finished steps returned, by step name. */
export const readStepResults = async (db: Database, key: RunKey): Promise<Map<string, unknown>> => {
	const rows = await db.orm.select().from(engineStepResults).where(ofRun(key));
	return new Map(rows.map((row) => [row.step, row.output]));
};

export const saveStepResults = async (db: Database, key: RunKey, results: ReadonlyMap<string, unknown>): Promise<void> => {
	if (results.size === 0) return;
	// A doubled run that finished the step as well changes nothing: the first result stands.
	await db.orm
		.insert(engineStepResults)
		.values([...results].map(([step, output]) => ({ ...key, step, output })))
		.onConflictDoNothing();
};

/** Counts one more failure of a step and answers how many there were. */
export const countFailure = async (db: Database, key: RunKey, step: string): Promise<number> => {
	const [row] = await db.orm
		.insert(engineStepResults)
		.values({ ...key, step: failuresOf(step), output: 1 })
		.onConflictDoUpdate({
			target: [engineStepResults.workflow, engineStepResults.wakeId, engineStepResults.step],
			set: { output: sql`to_jsonb((${engineStepResults.output})::int + 1)` },
		})
		.returning({ failures: engineStepResults.output });
	return Number(row?.failures ?? 1);
};

export const forgetStepResults = async (db: Database, key: RunKey): Promise<void> => {
	await db.orm.delete(engineStepResults).where(ofRun(key));
};

/** What runs left behind that never ended. */
export const forgetOldStepResults = async (db: Database): Promise<void> => {
	await db.orm.delete(engineStepResults).where(lt(engineStepResults.createdAt, sql`now() - interval '7 days'`));
};
