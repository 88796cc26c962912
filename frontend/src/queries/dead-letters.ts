import type { DeadLetterFilter, ReplayFilter } from "@agentplanner/contracts";
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

export type DeadLetterState = "open" | "discarded";

/** The deliveries that gave up and match, newest first. */
export const deadLettersQuery = (projectId: string, filter: DeadLetterFilter, state: DeadLetterState) =>
	infiniteQueryOptions(
		apiQueries.deadLetters.listDeadLetters.infiniteOptions({
			input: (cursor: string | undefined) => ({
				params: { projectId },
				query: { ...filter, state, limit: 20, ...(cursor === undefined ? {} : { cursor }) },
				headers: {},
			}),
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.next_cursor ?? undefined,
		}),
	);

export const deadSummaryQuery = (projectId: string) =>
	apiQueries.deadLetters.summarizeDeadLetters.queryOptions({ input: { params: { projectId }, ...nothing } });

export const replayPreviewQuery = (projectId: string, filter: ReplayFilter) =>
	apiQueries.deadLetters.previewReplay.queryOptions({
		input: { params: { projectId }, ...nothing, body: { filter } },
		placeholderData: keepPreviousData,
	});

/** The last replays; read again by itself while one runs, since what it passes over tells nobody. */
export const replaysQuery = (projectId: string) =>
	apiQueries.deadLetters.listReplays.queryOptions({
		input: { params: { projectId }, query: { limit: 5 }, headers: {} },
		refetchInterval: ({ state }) => (state.data?.items.some((job) => job.state === "running") ? 2_000 : false),
	});

export const startReplay = (projectId: string, filter: ReplayFilter, rate: number) =>
	api.deadLetters.startReplay({ params: { projectId }, ...nothing, body: { filter, rate_per_second: rate } });

const ofJob = (projectId: string, jobId: string) => ({ params: { projectId, jobId }, ...nothing });

export const switchReplay = {
	pause: (projectId: string, jobId: string) => api.deadLetters.pauseReplay(ofJob(projectId, jobId)),
	resume: (projectId: string, jobId: string) => api.deadLetters.resumeReplay(ofJob(projectId, jobId)),
	cancel: (projectId: string, jobId: string) => api.deadLetters.cancelReplay(ofJob(projectId, jobId)),
};

export const discardDelivery = (projectId: string, deliveryId: string, reason: string) =>
	api.deadLetters.discardDelivery({ params: { projectId, deliveryId }, ...nothing, body: { reason } });

export const restoreDelivery = (projectId: string, deliveryId: string) =>
	api.deadLetters.restoreDelivery({ params: { projectId, deliveryId }, ...nothing });

export const discardDeadLetters = (projectId: string, filter: DeadLetterFilter, reason: string) =>
	api.deadLetters.discardDeadLetters({ params: { projectId }, ...nothing, body: { filter, reason } });
