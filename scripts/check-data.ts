// Checks what must always be true of the data, in the database of DATABASE_URL: nothing that waits lacks its timer, the events
// are numbered without gaps, and no event was rewritten: node scripts/check-data.ts
import { adapterLabel } from "@agentplanner/adapters";
import { createKeys, findViolations, openDatabase, verifyChain } from "@agentplanner/core";

const url = process.env.DATABASE_URL;

const findProblems = async (databaseUrl: string): Promise<string[]> => {
	const db = openDatabase({ url: databaseUrl, name: "agentplanner-check", poolSize: 2, onError: () => {} });
	try {
		const keys = createKeys(Buffer.alloc(32).toString("base64"));
		const actor = { type: "system" as const, name: "check" };
		const ctx = { db: db.orm, actor, requestId: null, traceId: null, now: () => new Date(), keys, adapterLabel };
		const problems = (await findViolations(ctx)).map(({ rule, subject }) => `${rule}: ${subject}`);

		const { rows: gaps } = await db.pool.query<{ position: string }>(
			"select position from (select position, lag(position, 1, 0::bigint) over (order by position) as previous from events where position is not null) as numbered where position <> previous + 1",
		);
		problems.push(...gaps.map(({ position }) => `gap before event position ${position}`));

		const { rows: projects } = await db.pool.query<{ id: string | null }>(
			"select project_id as id from events union select project_id from audit_logs",
		);
		for (const { id } of projects)
			for (const chain of ["events", "audit"] as const) {
				const broken = await verifyChain(db, id, chain);
				if (broken) problems.push(`${chain}: ${broken.eventId} at position ${broken.position} does not follow from the one before it`);
			}
		return problems;
	} finally {
		await db.close();
	}
};

if (!url) {
	console.error("DATABASE_URL is not set. The embedded database's address is in .data/running.json while it runs.");
	process.exitCode = 1;
} else {
	const problems = await findProblems(url);
	console.log(problems.length === 0 ? "Everything is as it must be." : problems.join("\n"));
	process.exitCode = problems.length === 0 ? 0 : 1;
}
