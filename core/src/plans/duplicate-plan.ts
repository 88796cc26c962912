import type { DuplicatePlanInput, Plan } from "@agentplanner/contracts";
import { getTableColumns, planNodes, plans, type SQL, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext, userIdOf } from "../context.ts";
import { emit } from "../emit.ts";
import { authorizePlan } from "./authorize-plan.ts";
import { presentPlan } from "./present.ts";

/**
 * Makes a draft out of a plan: its nodes, none of them begun, but nothing that was asked, answered, decided or said about them, and
 * nobody it was shared with. Throws NotFoundError, and ForbiddenError for whoever may make no plan in the project.
 */
export const duplicatePlan = async (ctx: ProjectContext, planId: string, input: DuplicatePlanInput): Promise<Plan> => {
	await authorize(ctx, "plans:write");
	return inTransaction(ctx, async (tx) => {
		const original = await authorizePlan(tx, "plans:read", planId);
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

const longestTitle = 200;

const titleOfCopy = (title: string): string => {
	const ending = " (copy)";
	return `${title.slice(0, longestTitle - ending.length)}${ending}`;
};

const { id: _, planId: _planId, parentId: _parentId, status: _status, version: _version, ...rest } = getTableColumns(planNodes);
const { createdAt: _createdAt, updatedAt: _updatedAt, ...kept } = rest;
const names = (columns: { name: string }[], table: string): SQL =>
	sql.join(
		columns.map(({ name }) => sql`${sql.raw(table)}${sql.identifier(name)}`),
		sql`, `,
	);

/** All in one statement: whatever a node is, but where it stands and how far it is. */
const copyNodes = (from: string, to: string): SQL => sql`
	with copies as materialized (select id, uuidv7() as new_id from plan_nodes where plan_id = ${from})
	insert into plan_nodes (id, plan_id, parent_id, ${names(Object.values(kept), "")})
	select copy.new_id, ${to}::uuid, parent.new_id, ${names(Object.values(kept), "node.")}
	from plan_nodes node
	join copies copy on copy.id = node.id
	left join copies parent on parent.id = node.parent_id`;
