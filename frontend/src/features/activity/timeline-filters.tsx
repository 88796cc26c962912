import { type TimelineGroup, timelineGroups } from "@agentplanner/contracts";
import { MultiSelect, Select } from "@mantine/core";
import type { TimelineFilter } from "../../queries/timelines.ts";
import { groupLooks } from "./timeline-looks.ts";
import { useMentionable } from "./use-mentionable.ts";

type Props = { projectId: string; groups: readonly TimelineGroup[]; filter: TimelineFilter; onChange: (filter: TimelineFilter) => void };

/** Which kinds of events a timeline shows, and whose. */
export const TimelineFilters = ({ projectId, groups, filter, onChange }: Props) => {
	const people = useMentionable(projectId);
	return (
		<div className="timeline-filters">
			<MultiSelect
				size="xs"
				aria-label="Kinds of events"
				placeholder={filter.groups?.length ? "" : "All kinds"}
				clearable
				data={timelineGroups.filter((group) => groups.includes(group)).map((value) => ({ value, label: groupLooks[value].label }))}
				value={filter.groups ?? []}
				onChange={(value) => onChange({ ...filter, groups: value as TimelineGroup[] })}
			/>
			<Select
				size="xs"
				aria-label="Who did it"
				placeholder="Everybody"
				clearable
				searchable
				data={people.map(({ id, name }) => ({ value: id, label: name }))}
				value={filter.actorId ?? null}
				onChange={(value) => onChange({ ...filter, actorId: value ?? undefined })}
			/>
		</div>
	);
};
