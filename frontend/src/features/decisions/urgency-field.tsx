import type { Urgency } from "@agentplanner/contracts";
import { Select } from "@mantine/core";
import type { DecisionDraft } from "./decision-draft.ts";

const choices: { value: Urgency; label: string; effect: string }[] = [
	{ value: "can_continue", label: "What needs it; the rest goes on", effect: "The task keeps its status." },
	{ value: "blocking", label: "The whole task", effect: "The task is blocked until this is decided, then it goes back to what it was." },
	{
		value: "informational",
		label: "Nothing: it is for information",
		effect: "People are told and may choose; nobody has to, and it ends by itself.",
	},
];

type Props = { draft: DecisionDraft; change: (part: Partial<DecisionDraft>) => void };

/** What can't go on before the decision. */
export const UrgencyField = ({ draft, change }: Props) => (
	<Select
		label="What waits for it"
		description={choices.find(({ value }) => value === draft.urgency)?.effect}
		inputWrapperOrder={["label", "input", "description", "error"]}
		data={choices.map(({ value, label }) => ({ value, label }))}
		allowDeselect={false}
		value={draft.urgency}
		onChange={(value) => change({ urgency: (value ?? "can_continue") as Urgency })}
	/>
);
