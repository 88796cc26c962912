import type { ExpiryRule } from "@agentplanner/contracts";
import { Group, Select, TextInput } from "@mantine/core";
import { latestDay, toDateTimeInput } from "../../time/format.ts";
import { type DecisionDraft, rulesOf } from "./decision-draft.ts";

const presets = [
	{ value: "none", label: "None" },
	{ value: "1", label: "In 1 hour" },
	{ value: "4", label: "In 4 hours" },
	{ value: "24", label: "In 1 day" },
	{ value: "72", label: "In 3 days" },
	{ value: "168", label: "In 7 days" },
	{ value: "at", label: "Another time…" },
];

/** Without a deadline what is for information ends after a week. */
const isNoWeek = ({ value }: { value: string }) => value !== "none" && value !== "168";

const rules: Record<ExpiryRule, string> = {
	wait: "It goes on waiting",
	escalate: "Any admin may decide, too",
	reject: "It counts as rejected",
	approve: "It counts as approved",
};

const toPreset = (deadline: DecisionDraft["deadline"]): string =>
	deadline === null ? "none" : "at" in deadline ? "at" : String(deadline.hours);

const fromPreset = (value: string | null): DecisionDraft["deadline"] => {
	if (value === null || value === "none") return null;
	if (value === "at") return { at: toDateTimeInput(new Date(Date.now() + 24 * 3_600_000)) };
	return { hours: Number(value) };
};

type Props = {
	draft: DecisionDraft;
	change: (part: Partial<DecisionDraft>) => void;
	error: string | undefined;
	ruleError: string | undefined;
};

/** By when, and what happens if nobody decides. */
export const ExpiryFields = ({ draft, change, error, ruleError }: Props) => {
	const { deadline } = draft;
	const allowed = rulesOf(draft);
	const endsByItself = draft.urgency === "informational";
	return (
		<Group grow gap="xs" align="start">
			<Select
				label="Deadline"
				data={endsByItself ? [{ value: "none", label: "In 7 days" }, ...presets.filter(isNoWeek)] : presets}
				allowDeselect={false}
				value={toPreset(deadline)}
				onChange={(preset) => change({ deadline: fromPreset(preset) })}
				error={deadline === null || "hours" in deadline ? (error ?? null) : null}
			/>
			{deadline !== null && "at" in deadline && (
				<TextInput
					type="datetime-local"
					label="Date and time"
					value={deadline.at}
					min={toDateTimeInput(new Date())}
					max={`${latestDay}T23:59`}
					error={error ?? null}
					onChange={(event) => change({ deadline: { at: event.currentTarget.value } })}
				/>
			)}
			{deadline !== null && (
				<Select
					label="If nobody decides"
					data={allowed.map((value) => ({ value, label: endsByItself && value === "wait" ? "It ends, undecided" : rules[value] }))}
					allowDeselect={false}
					value={allowed.includes(draft.onExpiry) ? draft.onExpiry : "wait"}
					onChange={(value) => change({ onExpiry: (value ?? "wait") as ExpiryRule })}
					error={ruleError ?? null}
				/>
			)}
		</Group>
	);
};
