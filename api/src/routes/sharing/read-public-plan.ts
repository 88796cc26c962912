import { readPublicPlan as read } from "@agentplanner/core";
import { procedure } from "../../procedure.ts";

export const readPublicPlan = procedure.sharing.readPublicPlan.handler(async ({ context, input }) => {
	await context.publicLimiter.count(context.clientAddress);
	return read(context.core, input.params.key);
});
