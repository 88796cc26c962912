import type { ChangeResult, SetNodeStatusesInput } from "@agentplanner/contracts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { findWaiting } from "../dependencies/find-waiting.ts";
import { lockDependencies } from "../dependencies/lock-dependencies.ts";
import { lockHeldUp } from "../dependencies/watch-waiting.ts";
import { authorizePlan } from "./authorize-plan.ts";
import { changeStatus } from "./change-status.ts";
import { lockChosen } from "./choose-nodes.ts";
import { lockPlan } from "./parent.ts";
import { presentChange, recordChange } from "./plan-change.ts";

/**
 * Changes the status of nodes of one plan, all or none; blocked nodes that wait for others are so until those are finished. Throws
 * NotFoundError without the plan, ForbiddenError below editor, UnprocessableError for one that is not in the plan, and
 * PreconditionFailedError when one is no longer at the version named.
 */
export const setNodeStatuses = async (ctx: ProjectContext, planId: string, input: SetNodeStatusesInput): Promise<ChangeResult> => {
	await authorizePlan(ctx, "plans:write", planId);
	return inTransaction(ctx, async (tx) => {
		await lockPlan(tx, planId);
		const ids = input.nodes.map(({ id }) => id);
		// Before the nodes' own locks, as setNodeStatus does.
		if (input.status === "blocked") await lockDependencies(tx);
		else await lockHeldUp(tx, ids);
		const others = (await lockChosen(tx, planId, input.nodes)).filter(({ status }) => status !== input.status);
		if (others.length === 0) return { change: null };
		const waiting = input.status === "blocked" ? await findWaiting(tx, ids) : new Set<string>();
		for (const [waits, some] of Map.groupBy(others, ({ id }) => waiting.has(id)))
			await changeStatus(tx, some, input.status, { blockedBy: waits ? "dependency" : "person" });
		const from = others.map(({ id, status, blockedBy, blockedFrom }) =>
			blockedBy && blockedFrom ? { id, status, blocked_by: blockedBy, blocked_from: blockedFrom } : { id, status },
		);
		return { change: presentChange(await recordChange(tx, others, { kind: "status", to: input.status, from })) };
	});
};
