import type { DeliveryWords } from "@agentplanner/contracts";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

const ofDelivery = (projectId: string, deliveryId: string) => ({ input: { params: { projectId, deliveryId }, ...nothing } });

/** What it sends on every attempt, which never changes. */
export const payloadQuery = (projectId: string, deliveryId: string) =>
	apiQueries.deliveries.getPayload.queryOptions({ ...ofDelivery(projectId, deliveryId), staleTime: Number.POSITIVE_INFINITY });

export const wordsQuery = (projectId: string, deliveryId: string) =>
	apiQueries.deliveries.getWords.queryOptions(ofDelivery(projectId, deliveryId));

/** The newest of what the requests of one node sent. */
export const nodeDeliveriesQuery = (projectId: string, nodeId: string) =>
	apiQueries.deliveries.listDeliveries.queryOptions({
		input: { params: { projectId }, query: { node_id: nodeId, limit: 100 }, headers: {} },
	});

export const editAndReplay = (projectId: string, deliveryId: string, words: DeliveryWords, idempotencyKey: string) =>
	api.deadLetters.editAndReplay({
		params: { projectId, deliveryId },
		query: {},
		headers: { "idempotency-key": idempotencyKey },
		body: words,
	});
