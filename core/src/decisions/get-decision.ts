import type { DecisionDetail } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { readDeliveries } from "../deliveries/read-deliveries.ts";
import { NotFoundError } from "../errors.ts";
import { tokenAgentId } from "../requests/addressee.ts";
import { presentDecision } from "./present.ts";
import { readDecisions } from "./read-decisions.ts";

/** A decision with the messages about it. An agent with its own token is shown those to itself. */
export const getDecision = async (ctx: ProjectContext, decisionId: string): Promise<DecisionDetail> => {
	await authorize(ctx, "decisions:read");
	const [known] = await readDecisions(ctx, { id: decisionId });
	if (!known) throw new NotFoundError("decision");
	const { deliveries } = await readDeliveries(ctx, { decisionId, agentId: tokenAgentId(ctx) ?? undefined });
	return { decision: presentDecision(known), deliveries };
};
