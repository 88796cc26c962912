import type { Subscription } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { readSubscription, readSubscriptions } from "./read-subscriptions.ts";

/** The project's subscriptions by name, with how each stands. */
export const listSubscriptions = async (ctx: ProjectContext): Promise<{ items: Subscription[] }> => {
	await authorize(ctx, "subscriptions:manage");
	return { items: await readSubscriptions(ctx) };
};

/** One of them; throws NotFoundError. */
export const getSubscription = async (ctx: ProjectContext, subscriptionId: string): Promise<Subscription> => {
	await authorize(ctx, "subscriptions:manage");
	return readSubscription(ctx, subscriptionId);
};
