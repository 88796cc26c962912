import { Select } from "@mantine/core";

type Props<Status extends string> = {
	looks: Record<Status, { label: string }>;
	statuses: readonly Status[];
	/** Undefined: all of them. */
	value: Status | undefined;
	onChange: (status: Status | undefined) => void;
	width: number;
};

/** Narrows a list to what is in one state. */
export const StatusFilter = <Status extends string>({ looks, statuses, value, onChange, width }: Props<Status>) => (
	<Select
		ml="auto"
		w={width}
		size="xs"
		aria-label="Filter by status"
		placeholder="All states"
		clearable
		clearButtonProps={{ "aria-label": "Show all states" }}
		value={value ?? null}
		onChange={(chosen) => onChange(chosen ?? undefined)}
		data={statuses.map((status) => ({ value: status, label: looks[status].label }))}
	/>
);
