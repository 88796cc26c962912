import { restorePlan as restore } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const restorePlan = procedure.plans.restorePlan.handler(async ({ context, input }) => {
	const plan = await restore(inProject(context, input.params), input.params.planId);
	context.reply.version(plan.version);
	return plan;
});
