import type { AddDependencyInput, NodeDependency } from "@agentplanner/contracts";
import { planNodeDependencies } from "@agentplanner/db";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError, NotFoundError, UnprocessableError } from "../errors.ts";
import { authorizeNode } from "../plans/authorize-plan.ts";
import { assertMayBlock } from "./assert-no-circle.ts";
import { readLinkedNodes } from "./linked-node.ts";
import { lockDependencies } from "./lock-dependencies.ts";

/**
 * Links two nodes of the project, and answers as seen from the first. Whoever lets a node wait must be an editor where that one is,
 * and see the other. Throws NotFoundError and ForbiddenError accordingly, ConflictError where the two are linked like that already,
 * and UnprocessableError for a node with itself and for what would close a circle of waiting.
 */
export const addDependency = async (
	ctx: ProjectContext,
	nodeId: string,
	{ relation, node_id: otherId }: AddDependencyInput,
): Promise<NodeDependency> =>
	inTransaction(ctx, async (tx) => {
		const otherWaits = relation === "blocks";
		const node = await authorizeNode(tx, otherWaits ? "plans:read" : "plans:write", nodeId);
		const other = await authorizeNode(tx, otherWaits ? "plans:write" : "plans:read", otherId).catch((error: unknown) => {
			// The field is the caller's to mend; the path was right.
			if (error instanceof NotFoundError) throw unknownNode();
			throw error;
		});
		if (node.id === other.id)
			throw new UnprocessableError("A node can't be linked to itself. Choose another one.", [
				{ field: "body.node_id", message: "is the node itself" },
			]);
		const kind = relation === "relates_to" ? "relates_to" : "blocks";
		const inOrder = relation === "relates_to" ? node.id < other.id : otherWaits;
		const [upstream, downstream] = inOrder ? [node, other] : [other, node];

		await lockDependencies(tx);
		if (kind === "blocks") await assertMayBlock(tx, upstream.id, downstream.id);
		const [added] = await tx.db
			.insert(planNodeDependencies)
			.values({ projectId: tx.projectId, kind, upstreamId: upstream.id, downstreamId: downstream.id })
			.onConflictDoNothing()
			.returning();
		if (!added) throw new ConflictError("These two nodes are linked like that already.");
		emit(tx, {
			type: "node.dependency.added",
			subjectId: downstream.id,
			data: {
				plan_id: downstream.planId,
				node_id: downstream.id,
				dependency_id: added.id,
				kind,
				upstream_id: upstream.id,
				upstream_plan_id: upstream.planId,
			},
		});
		const shown = (await readLinkedNodes(tx, [other.id])).get(other.id);
		if (shown === undefined) throw unknownNode();
		return { id: added.id, relation, node: shown, created_at: added.createdAt.toISOString() };
	});

const unknownNode = () =>
	new UnprocessableError("There is no such node in this project, or you may not see it. Choose another one.", [
		{ field: "body.node_id", message: "is not a node of this project that you see" },
	]);
