import { parseIfMatch, updateSubscription as update } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const updateSubscription = procedure.subscriptions.updateSubscription.handler(async ({ context, input }) => {
	const expected = parseIfMatch(input.headers["if-match"]);
	const subscription = await update(inProject(context, input.params), input.params.subscriptionId, input.body, expected);
	context.reply.version(subscription.version);
	return subscription;
});
