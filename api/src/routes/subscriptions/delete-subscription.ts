import { deleteSubscription as remove } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const deleteSubscription = procedure.subscriptions.deleteSubscription.handler(async ({ context, input }) => {
	await remove(inProject(context, input.params), input.params.subscriptionId);
	return {};
});
