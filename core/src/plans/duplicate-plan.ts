import { type DuplicatePlanInput, type Plan, titleOfCopy } from "@agentplanner/contracts";
import { getTableColumns, planNodes, plans, type SQL, sql, toSnakeCase } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext, userIdOf } from "../context.ts";
import { emit } from "../emit.ts";
import { authorizePlan } from "./authorize-plan.ts";
import { presentPlan } from "./present.ts";

/**
 * Makes a draft out of a plan: its nodes, none of them begun, and what of them waits for each other, but nothing that was asked, answered,
 * decided or said about them, and nobody it was shared with. Throws NotFoundError, and ForbiddenError for whoever may not edit it, or make
 * plans in the project, and below its admin for a copy of a private plan that the project sees.
 */
export const duplicatePlan = async (ctx: ProjectContext, planId: string, input: DuplicatePlanInput): Promise<Plan> => {
	await authorize(ctx, "plans:write");
	return inTransaction(ctx, async (tx) => {
		const original = await authorizePlan(tx, "plans:write", planId, { even: "archived" });
		// Who sees what is in it, its admins say, and people alone.
		if (original.visibility === "private" && input.visibility === "project") await authorizePlan(tx, "plans:manage", planId);
		const [copy] = await tx.db
			.insert(plans)
			.values({
				projectId: ctx.projectId,
				title: input.title ?? titleOfCopy(original.title),
				description: original.description,
				status: "draft",
				visibility: input.visibility ?? (original.visibility === "private" ? "private" : "project"),
				ownerUserId: userIdOf(ctx.actor),
			})
			.returning();
		if (!copy) throw new Error("The insert returned no plan.");
		await tx.db.execute(copyNodes(original.id, copy.id));
		emit(tx, { type: "plan.created", subjectId: copy.id, data: { title: copy.title, copy_of: original.id } });
		return presentPlan(await authorizePlan(tx, "plans:write", copy.id));
	});
};

/** Of a node: where it stands, how far it is, and since when. The rest is what a copy has of it. */
const ownOfEach = new Set([
	"id",
	"planId",
	"parentId",
	"status",
	"blockedBy",
	"blockedFrom",
	"deletedAt",
	"deletionId",
	"version",
	"createdAt",
	"updatedAt",
]);
const kept = Object.entries(getTableColumns(planNodes)).filter(([key]) => !ownOfEach.has(key));
const list = (parts: SQL[]) => sql.join(parts, sql`, `);

/** All in one statement, however large the plan. */
const copyNodes = (from: string, to: string): SQL => sql`
	with copies as materialized (
		select id, uuidv7() as new_id from plan_nodes where plan_id = ${from} and deleted_at is null
	), made as (
		insert into plan_nodes (id, plan_id, parent_id, ${list(kept.map(([key]) => sql`${sql.identifier(toSnakeCase(key))}`))})
		select copy.new_id, ${to}::uuid, parent.new_id, ${list(kept.map(([, column]) => sql`${column}`))}
		from plan_nodes
		join copies copy on copy.id = plan_nodes.id
		left join copies parent on parent.id = plan_nodes.parent_id
	), labelled as (
		insert into plan_node_labels (project_id, plan_id, node_id, label)
		select project_id, ${to}::uuid, copy.new_id, label
		from plan_node_labels join copies copy on copy.id = node_id
		where plan_id = ${from}
	)
	insert into plan_node_dependencies (project_id, kind, upstream_id, downstream_id)
	select dependency.project_id, dependency.kind,
		case dependency.kind when 'relates_to' then least(upstream.new_id, downstream.new_id) else upstream.new_id end,
		case dependency.kind when 'relates_to' then greatest(upstream.new_id, downstream.new_id) else downstream.new_id end
	from plan_node_dependencies dependency
	join copies upstream on upstream.id = dependency.upstream_id
	join copies downstream on downstream.id = dependency.downstream_id`;
