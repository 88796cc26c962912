import type { Decision } from "@agentplanner/contracts";
import { actorName, inTransaction, type ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { authorizeDecision } from "../plans/authorize-plan.ts";
import { closeDecision } from "./close-decision.ts";
import { alreadyClosed } from "./decide.ts";
import { presentDecision } from "./present.ts";
import { readDecisions } from "./read-decisions.ts";
import { viaOf } from "./via.ts";

/** Withdraws a pending decision; whoever was told of it hears that it is over. 409 once it has ended. */
export const cancelDecision = (ctx: ProjectContext, decisionId: string): Promise<Decision> =>
	inTransaction(ctx, async (tx) => {
		const [, [known]] = await Promise.all([authorizeDecision(tx, "decisions:cancel", decisionId), readDecisions(tx, { id: decisionId })]);
		if (!known) throw new NotFoundError("decision");
		const { actor } = tx;
		const row = await closeDecision(tx, known.row, {
			status: "cancelled",
			optionId: null,
			closedBy: actorName(actor),
			closedByUserId: actor.type === "user" || actor.type === "token" ? actor.userId : null,
			closedVia: viaOf(actor),
		});
		if (!row) throw await alreadyClosed(tx, decisionId);
		return presentDecision({ ...known, row });
	});
