import { Select, Textarea } from "@mantine/core";
import { type DecisionDraft, offeredOptions } from "./decision-draft.ts";

type Props = { draft: DecisionDraft; change: (part: Partial<DecisionDraft>) => void; error: string | undefined };

/** What the asker would choose, and why. */
export const RecommendationFields = ({ draft, change, error }: Props) => {
	const options = offeredOptions(draft);
	const recommended = options.some(({ id }) => id === draft.recommended) ? draft.recommended : null;
	return (
		<>
			<Select
				label="I recommend"
				placeholder="Nothing"
				clearable
				clearButtonProps={{ "aria-label": "Recommend nothing" }}
				data={options.map(({ id, label }) => ({ value: id, label }))}
				value={recommended}
				onChange={(value) => change({ recommended: value })}
			/>
			{recommended !== null && (
				<Textarea
					label="Why"
					autosize
					minRows={1}
					maxRows={6}
					value={draft.recommendedWhy}
					onChange={(event) => change({ recommendedWhy: event.currentTarget.value })}
					error={error ?? null}
				/>
			)}
		</>
	);
};
