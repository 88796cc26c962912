import { adapterById, urlChannel } from "@agentplanner/adapters";
import { authorize, createSubscription as create, withIdempotency } from "@agentplanner/core";
import { checkUrls } from "../../check-urls.ts";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const createSubscription = procedure.subscriptions.createSubscription.handler(async ({ context, input }) => {
	const project = inProject(context, input.params);
	const { url } = input.body;
	const as = { action: "subscriptions:manage", within: "body" } as const;
	if (url !== undefined) await checkUrls(project, urlChannel.adapter, urlChannel.configOf({ url }).settings, as);
	return withIdempotency(
		project,
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "subscriptions.createSubscription",
			input: input.body,
			authorize: (tx) => authorize(tx, "subscriptions:manage"),
		},
		(ctx) => create(ctx, input.body, { byId: adapterById, urlChannel }),
	);
});
