import type { LadderAction } from "@agentplanner/contracts";
import { ActionIcon, Select, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { Clock, StepDraft } from "./ladder-draft.ts";

const actions: Record<LadderAction, string> = {
	nudge: "Remind the agents",
	next_agent: "Ask the next one",
	escalate: "Tell people",
	expire: "Give up",
};

const clocks: Record<Clock, string> = {
	percent: "% of the time to the deadline",
	dispatch: "minutes after it went out",
	acknowledge: "minutes without an acknowledgement",
	progress: "minutes without word of progress",
};

const optionsOf = <Value extends string>(labels: Record<Value, string>) =>
	Object.entries<string>(labels).map(([value, label]) => ({ value: value as Value, label }));

type Props = { step: StepDraft; number: number; error: string | undefined; onChange: (step: StepDraft) => void; onRemove: () => void };

/** One step of the ladder: what, and after how long. */
export const StepFields = ({ step, number, error, onChange, onRemove }: Props) => (
	<li className="step-fields">
		<Select
			aria-label={`Step ${number}: what happens`}
			data={optionsOf(actions)}
			allowDeselect={false}
			value={step.do}
			onChange={(what) => what !== null && onChange({ ...step, do: what })}
		/>
		<span className="small dim">after</span>
		<TextInput
			aria-label={`Step ${number}: after how much`}
			inputMode="numeric"
			value={step.after}
			onChange={(event) => onChange({ ...step, after: event.currentTarget.value })}
			error={error !== undefined}
			aria-describedby={error === undefined ? undefined : `${step.key}-error`}
		/>
		<Select
			aria-label={`Step ${number}: of what`}
			className="step-of"
			data={optionsOf(clocks)}
			allowDeselect={false}
			value={step.of}
			onChange={(of) => of !== null && onChange({ ...step, of })}
		/>
		<ActionIcon className="step-remove" variant="subtle" color="gray" aria-label={`Remove step ${number}`} onClick={onRemove}>
			<IconX size={16} />
		</ActionIcon>
		{error !== undefined && (
			<p id={`${step.key}-error`} className="tiny step-error">
				{error}
			</p>
		)}
	</li>
);
