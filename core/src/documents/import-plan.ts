import type { ImportPlanInput, Plan } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { createPlan } from "../plans/create-plan.ts";
import { insertNodes } from "../plans/insert-nodes.ts";
import { readDocument } from "./read-document.ts";

/**
 * Makes the plan that a document describes, with all its nodes or not at all. Throws ForbiddenError below editor, and
 * UnprocessableError, which names each line or field, for what can't be read.
 */
export const importPlan = async (ctx: ProjectContext, input: ImportPlanInput): Promise<Plan> => {
	await authorize(ctx, "plans:write");
	const { plan: header, nodes } = readDocument(input);
	return inTransaction(ctx, async (tx) => {
		const plan = await createPlan(tx, header);
		await insertNodes(tx, plan.id, nodes);
		emit(tx, { type: "plan.imported", subjectId: plan.id, data: { nodes: nodes.length } });
		return plan;
	});
};
