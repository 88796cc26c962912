import { Group, Select, TextInput } from "@mantine/core";
import { latestDay, toDateTimeInput } from "../../time/format.ts";
import type { AskDraft } from "./ask-draft.ts";

type Deadline = AskDraft["deadline"];

const presets = [
	{ value: "default", label: "In 7 days" },
	{ value: "1", label: "In 1 hour" },
	{ value: "4", label: "In 4 hours" },
	{ value: "24", label: "In 1 day" },
	{ value: "72", label: "In 3 days" },
	{ value: "at", label: "Another time…" },
];

const toPreset = (deadline: Deadline): string => (deadline === null ? "default" : "at" in deadline ? "at" : String(deadline.hours));

const fromPreset = (value: string | null): Deadline => {
	if (value === null || value === "default") return null;
	if (value === "at") return { at: toDateTimeInput(new Date(Date.now() + 24 * 3_600_000)) };
	return { hours: Number(value) };
};

type Props = { value: Deadline; onChange: (deadline: Deadline) => void; error: string | undefined };

export const DeadlineField = ({ value, onChange, error }: Props) => (
	<Group grow gap="xs" align="start">
		<Select
			label="Deadline"
			data={presets}
			allowDeselect={false}
			value={toPreset(value)}
			onChange={(preset) => onChange(fromPreset(preset))}
			error={value === null || "hours" in value ? (error ?? null) : null}
		/>
		{value !== null && "at" in value && (
			<TextInput
				type="datetime-local"
				label="Date and time"
				value={value.at}
				min={toDateTimeInput(new Date())}
				max={`${latestDay}T23:59`}
				error={error ?? null}
				onChange={(event) => onChange({ at: event.currentTarget.value })}
			/>
		)}
	</Group>
);
