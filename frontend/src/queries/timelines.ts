import type { TimelineGroup, TimelinePage } from "@agentplanner/contracts";
import { infiniteQueryOptions } from "@tanstack/react-query";
import { apiQueries } from "../lib/api-client.ts";

/** Whose timeline: a node's, a plan's, or the project's. */
export type TimelinePlace = { projectId: string; planId?: string; nodeId?: string };
export type TimelineFilter = { groups?: TimelineGroup[] | undefined; actorId?: string | undefined };

const paged = {
	initialPageParam: undefined as number | undefined,
	getNextPageParam: ({ next_cursor }: TimelinePage) => next_cursor ?? undefined,
};

export const timelineQuery = ({ projectId, planId, nodeId }: TimelinePlace, { groups = [], actorId }: TimelineFilter) => {
	const parts = (cursor: number | undefined) => ({
		query: {
			limit: 50,
			...(groups.length === 0 ? {} : { groups: groups.join(",") }),
			...(actorId === undefined ? {} : { actor_id: actorId }),
			...(cursor === undefined ? {} : { cursor }),
		},
		headers: {},
	});
	const { getNodeTimeline, getPlanTimeline, getProjectTimeline } = apiQueries.timelines;
	if (nodeId !== undefined)
		return infiniteQueryOptions(
			getNodeTimeline.infiniteOptions({
				input: (cursor: number | undefined) => ({ params: { projectId, nodeId }, ...parts(cursor) }),
				...paged,
			}),
		);
	if (planId !== undefined)
		return infiniteQueryOptions(
			getPlanTimeline.infiniteOptions({
				input: (cursor: number | undefined) => ({ params: { projectId, planId }, ...parts(cursor) }),
				...paged,
			}),
		);
	return infiniteQueryOptions(
		getProjectTimeline.infiniteOptions({ input: (cursor: number | undefined) => ({ params: { projectId }, ...parts(cursor) }), ...paged }),
	);
};
