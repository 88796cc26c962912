import type { CreateRequestInput, RequestStatus, RequestTarget, RespondInput } from "@agentplanner/contracts";
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

export const requestsQuery = (projectId: string, status: RequestStatus | undefined) =>
	infiniteQueryOptions(
		apiQueries.requests.listRequests.infiniteOptions({
			input: (cursor: string | undefined) => ({
				params: { projectId },
				query: { limit: 40, ...(status === undefined ? {} : { status }), ...(cursor === undefined ? {} : { cursor }) },
				headers: {},
			}),
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.next_cursor ?? undefined,
		}),
	);

/** The newest requests of the project: enough to mark the tasks that wait for an agent. */
export const recentRequestsQuery = (projectId: string) =>
	apiQueries.requests.listRequests.queryOptions({ input: { params: { projectId }, query: { limit: 200 }, headers: {} } });

export const nodeRequestsQuery = (projectId: string, nodeId: string) =>
	apiQueries.requests.listRequests.queryOptions({ input: { params: { projectId }, query: { node_id: nodeId, limit: 50 }, headers: {} } });

export const requestQuery = (projectId: string, requestId: string) =>
	apiQueries.requests.getRequest.queryOptions({ input: { params: { projectId, requestId }, ...nothing } });

export const previewQuery = (projectId: string, nodeId: string, targets: RequestTarget[]) =>
	apiQueries.requests.previewRequest.queryOptions({
		input: { params: { projectId }, ...nothing, body: { node_id: nodeId, targets } },
		placeholderData: keepPreviousData,
		staleTime: 5_000,
	});

const keyed = (idempotencyKey: string) => ({ "idempotency-key": idempotencyKey });

export const createRequest = (projectId: string, body: CreateRequestInput, idempotencyKey: string) =>
	api.requests.createRequest({ params: { projectId }, query: {}, headers: keyed(idempotencyKey), body });

export const cancelRequest = (projectId: string, requestId: string) =>
	api.requests.cancelRequest({ params: { projectId, requestId }, ...nothing });

export const respondToRequest = (projectId: string, requestId: string, body: RespondInput, idempotencyKey: string) =>
	api.requests.respondToRequest({ params: { projectId, requestId }, query: {}, headers: keyed(idempotencyKey), body });

export const replyToAgent = (projectId: string, requestId: string, text: string, idempotencyKey: string) =>
	api.requests.replyToAgent({ params: { projectId, requestId }, query: {}, headers: keyed(idempotencyKey), body: { text } });

export const retryDelivery = (projectId: string, deliveryId: string) =>
	api.deliveries.retryDelivery({ params: { projectId, deliveryId }, ...nothing });
