import { and, eq, planNodeDependencies } from "@agentplanner/db";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { ForbiddenError, NotFoundError } from "../errors.ts";
import { authorizeMissing, authorizeNode } from "../plans/authorize-plan.ts";
import { changeStatus } from "../plans/change-status.ts";
import { watchWaiting } from "./watch-waiting.ts";

/**
 * Removes a dependency; what waited for nothing else is unblocked. Throws NotFoundError, also where the caller doesn't see the waiting
 * node, and ForbiddenError below editor where that is (of related nodes: where either is).
 */
export const removeDependency = async (ctx: ProjectContext, dependencyId: string): Promise<void> =>
	inTransaction(ctx, async (tx) => {
		const isIt = and(eq(planNodeDependencies.projectId, tx.projectId), eq(planNodeDependencies.id, dependencyId));
		const [found] = await tx.db.select().from(planNodeDependencies).where(isIt);
		if (!found) return authorizeMissing(tx, "plans:write", "dependency");
		const { kind, upstreamId, downstreamId } = found;
		const node = await authorizeNode(tx, "plans:write", downstreamId)
			.catch((error: unknown) => {
				if (kind === "relates_to" && (error instanceof ForbiddenError || error instanceof NotFoundError))
					return authorizeNode(tx, "plans:write", upstreamId);
				throw error;
			})
			.catch(asDependency);
		const unblock = kind === "blocks" ? await watchWaiting(tx, [upstreamId], changeStatus) : null;
		const [removed] = await tx.db.delete(planNodeDependencies).where(isIt).returning();
		if (!removed) throw new NotFoundError("dependency");
		emit(tx, {
			type: "node.dependency.removed",
			subjectId: node.id,
			data: { plan_id: node.planId, node_id: node.id, dependency_id: found.id, kind, upstream_id: upstreamId, downstream_id: downstreamId },
		});
		await unblock?.();
	});

/** One of nodes that one can't see is told apart from none by nothing. */
const asDependency = (error: unknown): never => {
	throw error instanceof NotFoundError ? new NotFoundError("dependency") : error;
};
