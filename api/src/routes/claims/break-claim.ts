import { breakClaim as breakHeld } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const breakClaim = procedure.claims.breakClaim.handler(({ context, input }) =>
	breakHeld(inProject(context, input.params), input.params.claimId),
);
