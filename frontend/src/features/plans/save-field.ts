import type { PlanNode, UpdateNodeInput } from "@agentplanner/contracts";
import type { QueryClient } from "@tanstack/react-query";
import { isProblem } from "../../lib/problems.ts";
import { nodeQuery, showNode, updateNode } from "../../queries/plans.ts";

export type EditableField =
	| "title"
	| "description"
	| "context"
	| "labels"
	| "task_mode"
	| "agent_instructions"
	| "acceptance_criteria"
	| "due_at"
	| "kind";

/** Two values of one field, of which labels are lists. */
export const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Somebody else saved the same field meanwhile; nothing was overwritten. */
export class FieldConflict extends Error {
	override name = "FieldConflict";
	readonly theirs: PlanNode;

	constructor(theirs: PlanNode) {
		super("Somebody else changed this field while you were editing.");
		this.theirs = theirs;
	}
}

/** The node as it is known by now: what is drawn may lag behind a save that has just ended. */
export const latestOf = <Seen extends Pick<PlanNode, "id" | "project_id" | "version">>(
	client: QueryClient,
	node: Seen,
): Seen | PlanNode => {
	const known = client.getQueryData(nodeQuery(node.project_id, node.id).queryKey);
	return known !== undefined && known.version > node.version ? known : node;
};

/**
 * Saves one field. The version covers the whole node, so a clash may be about another field: then ours goes on top.
 * `base` is the field as it was when the editing began.
 */
export const saveField = async <Field extends EditableField>(
	client: QueryClient,
	node: Pick<PlanNode, Field | "id" | "project_id" | "version">,
	field: Field,
	base: PlanNode[Field],
	value: PlanNode[Field],
): Promise<PlanNode> => {
	const change = { [field]: value } as UpdateNodeInput;
	const seen = latestOf(client, node);
	let saved: PlanNode;
	try {
		if (!isSame(seen[field], base)) throw new FieldConflict(await readNode(client, node));
		saved = await updateNode(seen, change);
	} catch (error) {
		if (!isProblem(error, "precondition_failed")) throw error;
		const fresh = await readNode(client, node);
		if (!isSame(fresh[field], base)) throw new FieldConflict(fresh);
		saved = await updateNode(fresh, change);
	}
	showNode(client, saved);
	return saved;
};

const readNode = async (client: QueryClient, node: Pick<PlanNode, "id" | "project_id">): Promise<PlanNode> => {
	const fresh = await client.fetchQuery({ ...nodeQuery(node.project_id, node.id), staleTime: 0 });
	showNode(client, fresh);
	return fresh;
};
