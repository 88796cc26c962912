import { enableSubscription as enable } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const enableSubscription = procedure.subscriptions.enableSubscription.handler(({ context, input }) =>
	enable(inProject(context, input.params), input.params.subscriptionId),
);
