import { renewClaim as renew } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const renewClaim = procedure.claims.renewClaim.handler(({ context, input }) =>
	renew(inProject(context, input.params), input.params.claimId, input.body),
);
