import type { ChangeResult, SetNodeStatusesInput } from "@agentplanner/contracts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { lockHeldUp } from "../dependencies/watch-waiting.ts";
import { authorizePlan } from "./authorize-plan.ts";
import { changeStatus } from "./change-status.ts";
import { lockChosen } from "./choose-nodes.ts";
import { lockPlan } from "./parent.ts";
import { presentChange, recordChange } from "./plan-change.ts";

/**
 * Changes the status of nodes of one plan, all or none. Throws NotFoundError without the plan, ForbiddenError below editor,
 * UnprocessableError for one that is not in the plan, and PreconditionFailedError when one is no longer at the version named.
 */
export const setNodeStatuses = async (ctx: ProjectContext, planId: string, input: SetNodeStatusesInput): Promise<ChangeResult> => {
	await authorizePlan(ctx, "plans:write", planId);
	return inTransaction(ctx, async (tx) => {
		await lockPlan(tx, planId);
		if (input.status === "completed" || input.status === "cancelled")
			await lockHeldUp(
				tx,
				input.nodes.map(({ id }) => id),
			);
		const others = (await lockChosen(tx, planId, input.nodes)).filter(({ status }) => status !== input.status);
		if (others.length === 0) return { change: null };
		await changeStatus(tx, others, input.status);
		const from = others.map(({ id, status, blockedBy, blockedFrom }) =>
			blockedBy && blockedFrom ? { id, status, blocked_by: blockedBy, blocked_from: blockedFrom } : { id, status },
		);
		return { change: presentChange(await recordChange(tx, others, { kind: "status", to: input.status, from })) };
	});
};
