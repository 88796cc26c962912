import type { PlanNode, UpdateNodeInput } from "@agentplanner/contracts";
import type { QueryClient } from "@tanstack/react-query";
import { isProblem } from "../../lib/problems.ts";
import { nodeQuery, showNode, updateNode } from "../../queries/plans.ts";

export type EditableField = "title" | "agent_instructions" | "acceptance_criteria" | "due_at" | "kind";

/** Somebody else saved the same field meanwhile; nothing was overwritten. */
export class FieldConflict extends Error {
	override name = "FieldConflict";
	readonly theirs: PlanNode;

	constructor(theirs: PlanNode) {
		super("Somebody else changed this field while you were editing.");
		this.theirs = theirs;
	}
}

/**
 * Saves one field. The version covers the whole node, so a clash may be about another field: then ours goes on top.
 * `base` is the field as it was when the editing began.
 */
export const saveField = async <Field extends EditableField>(
	client: QueryClient,
	node: PlanNode,
	field: Field,
	base: PlanNode[Field],
	value: PlanNode[Field],
): Promise<PlanNode> => {
	const change = { [field]: value } as UpdateNodeInput;
	if (node[field] !== base) throw new FieldConflict(node);
	let saved: PlanNode;
	try {
		saved = await updateNode(node, change);
	} catch (error) {
		if (!isProblem(error, "precondition_failed")) throw error;
		const fresh = await client.fetchQuery({ ...nodeQuery(node.project_id, node.id), staleTime: 0 });
		showNode(client, fresh);
		if (fresh[field] !== base) throw new FieldConflict(fresh);
		saved = await updateNode(fresh, change);
	}
	showNode(client, saved);
	return saved;
};
