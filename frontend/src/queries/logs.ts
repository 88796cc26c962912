import type { CreateLogInput, LogKind } from "@agentplanner/contracts";
import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, apiQueries } from "../lib/api-client.ts";

export const logsQuery = (projectId: string, nodeId: string, kind: LogKind | undefined) =>
	infiniteQueryOptions(
		apiQueries.logs.listLogs.infiniteOptions({
			input: (cursor: string | undefined) => ({
				params: { projectId, nodeId },
				query: { limit: 20, ...(kind === undefined ? {} : { kind }), ...(cursor === undefined ? {} : { cursor }) },
				headers: {},
			}),
			initialPageParam: undefined as string | undefined,
			getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
		}),
	);

/** Of a node's logs of every kind. */
export const logsKey = (projectId: string, nodeId: string) => apiQueries.logs.listLogs.key({ input: { params: { projectId, nodeId } } });

export const createLog = (projectId: string, nodeId: string, body: CreateLogInput, idempotencyKey: string) =>
	api.logs.createLog({ params: { projectId, nodeId }, query: {}, headers: { "idempotency-key": idempotencyKey }, body });
