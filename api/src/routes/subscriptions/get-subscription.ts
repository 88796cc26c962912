import { getSubscription as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getSubscription = procedure.subscriptions.getSubscription.handler(async ({ context, input }) => {
	const subscription = await get(inProject(context, input.params), input.params.subscriptionId);
	context.reply.version(subscription.version);
	return subscription;
});
