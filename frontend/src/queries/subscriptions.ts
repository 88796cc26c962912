import type { CreateSubscriptionInput, Subscription, UpdateSubscriptionInput } from "@agentplanner/contracts";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

/** Deliveries of events make no events of their own, so how they fare is looked up. */
const lookAgainMs = 3_000;

export const subscriptionsQuery = (projectId: string) =>
	apiQueries.subscriptions.listSubscriptions.queryOptions({
		input: { params: { projectId }, ...nothing },
		refetchInterval: lookAgainMs,
	});

export const subscriptionLogQuery = (projectId: string, subscriptionId: string, limit: number) =>
	apiQueries.subscriptions.listSubscriptionDeliveries.queryOptions({
		input: { params: { projectId, subscriptionId }, query: { limit }, headers: {} },
		refetchInterval: lookAgainMs,
	});

export const eventTypesQuery = () =>
	apiQueries.events.listEventTypes.queryOptions({ input: { params: {}, ...nothing }, staleTime: Number.POSITIVE_INFINITY });

export const createSubscription = (projectId: string, body: CreateSubscriptionInput, idempotencyKey: string) =>
	api.subscriptions.createSubscription({ params: { projectId }, query: {}, headers: { "idempotency-key": idempotencyKey }, body });

const of = ({ project_id: projectId, id: subscriptionId }: Subscription) => ({ params: { projectId, subscriptionId }, ...nothing });

export const updateSubscription = (subscription: Subscription, body: UpdateSubscriptionInput) =>
	api.subscriptions.updateSubscription({ ...of(subscription), headers: { "if-match": `"${subscription.version}"` }, body });
export const deleteSubscription = (subscription: Subscription) => api.subscriptions.deleteSubscription(of(subscription));
export const enableSubscription = (subscription: Subscription) => api.subscriptions.enableSubscription(of(subscription));
export const disableSubscription = (subscription: Subscription) => api.subscriptions.disableSubscription(of(subscription));
export const testSubscription = (subscription: Subscription) => api.subscriptions.testSubscription(of(subscription));
export const rotateSecret = (subscription: Subscription, overlapHours: number) =>
	api.subscriptions.rotateSecret({ ...of(subscription), body: { overlap_hours: overlapHours } });
export const replayEvents = (subscription: Subscription, since: string) =>
	api.subscriptions.replayEvents({ ...of(subscription), body: { since } });
