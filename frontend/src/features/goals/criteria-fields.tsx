import { maxCriteria, maxUnitCharacters } from "@agentplanner/contracts";
import { ActionIcon, Button, NumberInput, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { randomId } from "../../lib/random-id.ts";
import { type CriterionDraft, emptyCriterion } from "./goal-draft.ts";

const numbers = [
	["start", "Began at"],
	["current", "Now"],
	["target", "Target"],
] as const;

type Props = { criteria: CriterionDraft[]; onChange: (criteria: CriterionDraft[]) => void; errors: Record<string, string> };

/** By what one sees that a goal is met: numbers that move from where they began to their target. */
export const CriteriaFields = ({ criteria, onChange, errors }: Props) => {
	const change = (key: string, part: Partial<CriterionDraft>) =>
		onChange(criteria.map((criterion) => (criterion.key === key ? { ...criterion, ...part } : criterion)));
	return (
		<fieldset className="criteria-fields">
			<legend>Success criteria</legend>
			{criteria.map(({ key, title, unit, ...values }, index) => (
				<div key={key} className="criterion-fields">
					<div className="criterion-words">
						<TextInput
							label="What is measured"
							placeholder="Calls a week"
							required
							value={title}
							onChange={(event) => change(key, { title: event.currentTarget.value })}
							error={errors[`criteria.${index}.title`] ?? null}
						/>
						<TextInput
							label="Unit"
							placeholder="%"
							maxLength={maxUnitCharacters}
							value={unit}
							onChange={(event) => change(key, { unit: event.currentTarget.value })}
							error={errors[`criteria.${index}.unit`] ?? null}
						/>
						<ActionIcon
							variant="subtle"
							color="gray"
							aria-label={`Remove the criterion ${title === "" ? index + 1 : title}`}
							onClick={() => onChange(criteria.filter((other) => other.key !== key))}
						>
							<IconX size={15} />
						</ActionIcon>
					</div>
					<div className="criterion-numbers">
						{numbers.map(([name, label]) => (
							<NumberInput
								key={name}
								label={label}
								required
								hideControls
								size="sm"
								value={values[name]}
								onChange={(value) => change(key, { [name]: value })}
								error={errors[`criteria.${index}.${name}`] ?? null}
							/>
						))}
					</div>
				</div>
			))}
			{criteria.length < maxCriteria && (
				<Button
					variant="default"
					size="compact-xs"
					leftSection={<IconPlus size={13} />}
					onClick={() => onChange([...criteria, emptyCriterion(randomId())])}
				>
					Add a criterion
				</Button>
			)}
		</fieldset>
	);
};
