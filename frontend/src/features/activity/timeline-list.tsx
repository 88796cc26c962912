import { type TimelineGroup, timelineGroups } from "@agentplanner/contracts";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { LoadMore } from "../../components/load-more.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { type TimelineFilter, type TimelinePlace, timelineQuery } from "../../queries/timelines.ts";
import { TimelineEntry } from "./timeline-entry.tsx";
import { TimelineFilters } from "./timeline-filters.tsx";
import "./activity.css";

/** Each page looks through so many events: a few in a row may hold nothing of what is sought. */
const mostEmptyPages = 4;

/** Kinds that can't happen there aren't offered. */
const groupsOf = ({ planId, nodeId }: TimelinePlace): readonly TimelineGroup[] => {
	if (nodeId !== undefined) return timelineGroups.filter((group) => !["plan", "agent", "project"].includes(group));
	if (planId !== undefined) return timelineGroups.filter((group) => !["agent", "project"].includes(group));
	return timelineGroups;
};

/** What happened to a node, in a plan or in a project, the newest first. */
export const TimelineList = ({ place }: { place: TimelinePlace }) => {
	const [filter, setFilter] = useState<TimelineFilter>({});
	const timeline = useInfiniteQuery(timelineQuery(place, filter));
	const pages = timeline.data?.pages ?? [];
	const items = pages.flatMap((page) => page.items);
	const { hasNextPage, isFetching, isError, fetchNextPage } = timeline;
	const looksOn = items.length === 0 && pages.length > 0 && pages.length < mostEmptyPages && hasNextPage && !isFetching && !isError;
	useEffect(() => {
		if (looksOn) void fetchNextPage();
	}, [looksOn, fetchNextPage]);

	return (
		<div className="activity-column">
			<TimelineFilters projectId={place.projectId} groups={groupsOf(place)} filter={filter} onChange={setFilter} />
			{timeline.isPending && <LoadingRows rows={6} />}
			{timeline.isError && timeline.data === undefined && <LoadError error={timeline.error} retry={() => void timeline.refetch()} />}
			{timeline.data !== undefined && items.length === 0 && !isFetching && (
				<p className="small dim activity-empty">
					{hasNextPage ? "Nothing of that kind lately." : "Nothing of that kind has happened here."}
				</p>
			)}
			{items.length > 0 && (
				<ol className="timeline" aria-label="Timeline">
					{items.map((item) => (
						<TimelineEntry key={item.id} item={item} place={place} />
					))}
				</ol>
			)}
			<LoadMore query={timeline} label="Show older events" />
		</div>
	);
};
