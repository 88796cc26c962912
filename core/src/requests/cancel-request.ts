import type { AgentRequest } from "@agentplanner/contracts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { ConflictError } from "../errors.ts";
import { authorizeRequest } from "../plans/authorize-plan.ts";
import { closeRequest } from "./close-request.ts";
import { isOpen, lockRequest } from "./lock-request.ts";
import { presentRequest } from "./present.ts";
import { readTargets } from "./targets.ts";

/** Cancels an open request and whatever is still under way for it; agents that can be told are told. 409 once it has ended. */
export const cancelRequest = async (ctx: ProjectContext, requestId: string): Promise<AgentRequest> => {
	await authorizeRequest(ctx, "requests:cancel", requestId);
	return inTransaction(ctx, async (tx) => {
		const request = await lockRequest(tx, requestId);
		if (!isOpen(request)) throw new ConflictError(`This request has already ended: it is ${request.status}.`);
		return presentRequest(await closeRequest(tx, request, "cancelled", null), await readTargets(tx, [requestId]));
	});
};
