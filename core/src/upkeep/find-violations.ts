import { sql } from "@agentplanner/db";
import type { Context } from "../context.ts";
import { violationsSince } from "./violations.ts";

export type Violation = { rule: string; subject: string };

/** What of the whole installation breaks a rule that must always hold (violations.ts), a hundred at most. An alert, not a repair. */
export const findViolations = async (ctx: Context): Promise<Violation[]> => {
	const { rows } = await ctx.db.execute<Violation>(sql`
		select rule, subject from (${violationsSince(sql`'-infinity'::timestamptz`)}) broken limit 100`);
	return rows.map(({ rule, subject }) => ({ rule, subject }));
};
