import type { Delivery } from "@agentplanner/contracts";
import type { ProjectContext, Tx } from "../context.ts";
import type { RequestRow } from "../requests/lock-request.ts";
import { refreshQuestion } from "../requests/refresh-question.ts";
import { settleOutcome } from "../requests/settle-outcome.ts";

/** A delivery of the locked request has given up: what was asked may be open again, or nobody can answer any more. */
export const settleDeath = async (tx: Tx<ProjectContext>, request: RequestRow | null, kind: Delivery["kind"]): Promise<void> => {
	if (request && kind === "reply") await refreshQuestion(tx, request);
	else if (request) await settleOutcome(tx, request);
};
