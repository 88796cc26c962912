import { Checkbox, Group, Select, Switch, TextInput } from "@mantine/core";
import type { QuietDraft } from "./ladder-draft.ts";

/** The browser's, with those that a server may have said. */
const zonesWith = (zone: string): string[] => [...new Set([...Intl.supportedValuesOf("timeZone"), "UTC", zone])];

type Props = { quiet: QuietDraft; errors: Record<string, string>; onChange: (quiet: QuietDraft) => void };

/** When nobody is disturbed. */
export const QuietFields = ({ quiet, errors, onChange }: Props) => {
	const change = (part: Partial<QuietDraft>) => onChange({ ...quiet, ...part });
	return (
		<>
			<Switch
				label="Quiet hours"
				description="Steps that fall into them wait for their end. Deadlines and giving up don't."
				checked={quiet.on}
				onChange={(event) => change({ on: event.currentTarget.checked })}
			/>
			{quiet.on && (
				<>
					<Group gap="sm" align="start" grow>
						<TextInput
							type="time"
							label="From"
							value={quiet.from}
							onChange={(event) => change({ from: event.currentTarget.value })}
							error={errors.from ?? null}
						/>
						<TextInput
							type="time"
							label="Until"
							value={quiet.until}
							onChange={(event) => change({ until: event.currentTarget.value })}
							error={errors.until ?? null}
						/>
					</Group>
					<Select
						label="Time zone"
						searchable
						limit={100}
						allowDeselect={false}
						data={zonesWith(quiet.time_zone)}
						value={quiet.time_zone}
						onChange={(zone) => zone !== null && change({ time_zone: zone })}
						error={errors.time_zone ?? null}
					/>
					<Checkbox
						label="Saturday and Sunday, too"
						checked={quiet.weekends}
						onChange={(event) => change({ weekends: event.currentTarget.checked })}
					/>
				</>
			)}
		</>
	);
};
