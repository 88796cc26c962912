import { sql } from "@agentplanner/db";
import { type Context, inTransaction } from "../context.ts";
import { emit } from "../emit.ts";
import { violationsSince } from "./violations.ts";

export type BrokenPromise = { projectId: string; rule: string; count: number; subjects: string[] };

type Row = BrokenPromise & { change: "new" | "same" | "over" };

/**
 * Writes down what breaks a rule now, per project and rule, and tells of it: once when it begins, and once when it is over. Of the requests that
 * have ended it looks at those of the last hour. Answers with all that is broken.
 */
export const checkPromises = (ctx: Context): Promise<BrokenPromise[]> =>
	inTransaction(ctx, async (tx) => {
		const { rows } = await tx.db.execute<Row>(sql`
			with found as (
				select project_id, rule, count(*)::int as count, (array_agg(subject order by subject))[1:5] as subjects
				from (${violationsSince(sql`now() - interval '1 hour'`)}) broken
				group by project_id, rule
			), over as (
				delete from violations v
				where not exists (select from found f where f.project_id = v.project_id and f.rule = v.rule)
				returning project_id, rule, 0 as count, subjects, 'over' as change
			), broken as (
				insert into violations (project_id, rule, count, subjects)
				select project_id, rule, count, subjects from found order by project_id, rule
				on conflict (project_id, rule) do update set count = excluded.count, subjects = excluded.subjects, updated_at = now()
				returning project_id, rule, count, subjects, case when xmax = 0 then 'new' else 'same' end as change
			)
			select project_id as "projectId", rule, count, subjects, change from over
			union all
			select project_id, rule, count, subjects, change from broken`);
		for (const { projectId, rule, count, subjects, change } of rows) {
			const inside = { ...tx, projectId };
			if (change === "new") emit(inside, { type: "project.promise.broken", subjectId: projectId, data: { rule, count, subjects } });
			if (change === "over") emit(inside, { type: "project.promise.kept", subjectId: projectId, data: { rule } });
		}
		return rows.filter(({ change }) => change !== "over").map(({ change: _, ...broken }) => broken);
	});
