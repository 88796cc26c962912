import { releaseClaim as releaseHeld } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const releaseClaim = procedure.claims.releaseClaim.handler(({ context, input }) =>
	releaseHeld(inProject(context, input.params), input.params.claimId),
);
