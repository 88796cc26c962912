import type { SendMessageInput } from "@agentplanner/contracts";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

/** The last plain messages that were sent through an integration. */
export const messagesQuery = (projectId: string, integrationId: string) =>
	apiQueries.deliveries.listDeliveries.queryOptions({
		input: { params: { projectId }, query: { kind: "text", integration_id: integrationId, limit: 5 }, headers: {} },
	});

export const deliveryQuery = (projectId: string, deliveryId: string) =>
	apiQueries.deliveries.getDelivery.queryOptions({ input: { params: { projectId, deliveryId }, ...nothing } });

export const sendMessage = (projectId: string, body: SendMessageInput, idempotencyKey: string) =>
	api.messages.sendMessage({ params: { projectId }, query: {}, headers: { "idempotency-key": idempotencyKey }, body });
