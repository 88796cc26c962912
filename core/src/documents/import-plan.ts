import type { DocumentNode, ImportPlanInput, Plan } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { insertDependencies } from "../dependencies/insert-dependencies.ts";
import { emit } from "../emit.ts";
import { createPlan } from "../plans/create-plan.ts";
import { insertNodes } from "../plans/insert-nodes.ts";
import { updatePlan } from "../plans/update-plan.ts";
import { readDocument } from "./read-document.ts";

/**
 * Makes the plan that a document describes, with all its nodes or not at all. Throws ForbiddenError below editor, and
 * UnprocessableError, which names each line or field, for what can't be read.
 */
export const importPlan = async (ctx: ProjectContext, input: ImportPlanInput): Promise<Plan> => {
	await authorize(ctx, "plans:write");
	const {
		plan: { title, description, status },
		nodes,
	} = readDocument(input);
	return inTransaction(ctx, async (tx) => {
		const plan = await createPlan(tx, { title, description, status: status === "draft" ? "draft" : "active" });
		const ids = await insertNodes(tx, plan.id, nodes);
		const dependencies = dependenciesOf(nodes, (id) => ids.get(id) ?? "");
		await insertDependencies(tx, plan.id, dependencies);
		emit(tx, { type: "plan.imported", subjectId: plan.id, data: { nodes: nodes.length, dependencies: dependencies.length } });
		// Last: nothing more is put into an archived plan.
		return updatePlan(tx, plan.id, { status }, plan.version);
	});
};

/** Each once, however often it is named. */
const dependenciesOf = (nodes: DocumentNode[], rowOf: (id: string) => string) => {
	const all = nodes.flatMap(({ id, waits_for, relates_to }) => [
		...waits_for.map((other) => ({ kind: "blocks" as const, upstreamId: rowOf(other), downstreamId: rowOf(id) })),
		...relates_to.map((other) => {
			const [upstreamId = "", downstreamId = ""] = [rowOf(id), rowOf(other)].sort();
			return { kind: "relates_to" as const, upstreamId, downstreamId };
		}),
	]);
	return [...new Map(all.map((one) => [`${one.kind} ${one.upstreamId} ${one.downstreamId}`, one])).values()];
};
