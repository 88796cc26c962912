import type { AddDependencyInput, NodeDependency } from "@agentplanner/contracts";
import { planNodeDependencies } from "@agentplanner/db";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError, UnprocessableError } from "../errors.ts";
import { assertChangeable, authorizeNode } from "../plans/authorize-plan.ts";
import { keepPlans } from "../plans/parent.ts";
import { assertMayBlock } from "./assert-no-circle.ts";
import { readLinkedNodes } from "./linked-node.ts";
import { lockDependencies } from "./lock-dependencies.ts";

/**
 * Links two nodes of the project, and answers as seen from the first. It takes an editor where the first is and where the one is that
 * waits then, and to see the other. Throws NotFoundError and ForbiddenError accordingly, ConflictError where the two are linked like that
 * already or one is in an archived plan, and UnprocessableError for another node that isn't there, for the node itself, and for what
 * would close a circle of waiting.
 */
export const addDependency = async (
	ctx: ProjectContext,
	nodeId: string,
	{ relation, node_id: otherId }: AddDependencyInput,
): Promise<NodeDependency> =>
	inTransaction(ctx, async (tx) => {
		const node = await authorizeNode(tx, "plans:write", nodeId);
		const other = (await readLinkedNodes(tx, [otherId])).get(otherId.toLowerCase());
		if (other === undefined) throw unknownNode();
		await keepBothPlans(tx, node.planId, other.plan_id);
		const otherWaits = relation === "blocks";
		if (otherWaits) await authorizeNode(tx, "plans:write", other.id);
		if (node.id === other.id)
			throw new UnprocessableError("A node can't be linked to itself. Choose another one.", [
				{ field: "body.node_id", message: "is the node itself" },
			]);
		const kind = relation === "relates_to" ? "relates_to" : "blocks";
		const inOrder = relation === "relates_to" ? node.id < other.id : otherWaits;
		const [here, there] = [
			{ id: node.id, planId: node.planId },
			{ id: other.id, planId: other.plan_id },
		];
		const [upstream, downstream] = inOrder ? [here, there] : [there, here];

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
				downstream_id: downstream.id,
			},
		});
		return { id: added.id, relation, node: other, created_at: added.createdAt.toISOString() };
	});

const unknownNode = () =>
	new UnprocessableError("There is no such node in this project, or you may not see it. Choose another one.", [
		{ field: "body.node_id", message: "is not a node of this project that you see" },
	]);

/** Links that are there stay, and what is finished in an archived plan still lets others begin; nothing new is tied to it. */
const keepBothPlans = async (tx: Tx<ProjectContext>, planId: string, otherPlanId: string): Promise<void> => {
	for (const plan of await keepPlans(tx, [planId, otherPlanId])) {
		if (plan.id === planId) assertChangeable(plan);
		else if (plan.deletedAt) throw unknownNode();
		else if (plan.status === "archived")
			throw new ConflictError(
				`“${plan.title}” is archived, so nothing new can be linked to what is in it. Take it out of the archive first.`,
				[{ field: "body.node_id", message: "is in an archived plan" }],
			);
	}
};
