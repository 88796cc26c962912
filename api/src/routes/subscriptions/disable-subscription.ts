import { disableSubscription as disable } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const disableSubscription = procedure.subscriptions.disableSubscription.handler(({ context, input }) =>
	disable(inProject(context, input.params), input.params.subscriptionId),
);
