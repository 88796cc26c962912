import { testSubscription as test } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const testSubscription = procedure.subscriptions.testSubscription.handler(({ context, input }) =>
	test(inProject(context, input.params), input.params.subscriptionId),
);
