import type { Goal } from "@agentplanner/contracts";
import { Select, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { membersQuery } from "../../queries/members.ts";
import { earliestDay, latestDay } from "../../time/format.ts";
import { CriteriaFields } from "./criteria-fields.tsx";
import type { GoalDraft } from "./goal-draft.ts";

type Props = {
	projectId: string;
	draft: GoalDraft;
	onChange: (part: Partial<GoalDraft>) => void;
	/** Where it may stand. */
	parents: Goal[];
	errors: Record<string, string>;
};

/** What can be said about a goal, but for its status. */
export const GoalFields = ({ projectId, draft, onChange, parents, errors }: Props) => {
	const members = useQuery(membersQuery(projectId)).data?.items ?? [];
	return (
		<>
			<TextInput
				label="Goal"
				placeholder="Fewer support calls"
				required
				data-autofocus
				value={draft.title}
				onChange={(event) => onChange({ title: event.currentTarget.value })}
				error={errors.title ?? null}
			/>
			<Textarea
				label="Description"
				placeholder="Why it matters, and what it leaves out"
				autosize
				minRows={2}
				maxRows={10}
				value={draft.description}
				onChange={(event) => onChange({ description: event.currentTarget.value })}
				error={errors.description ?? null}
			/>
			<CriteriaFields criteria={draft.criteria} onChange={(criteria) => onChange({ criteria })} errors={errors} />
			<div className="goal-pair">
				<Select
					label="Owner"
					placeholder="Nobody"
					clearable
					searchable
					data={members.map(({ user_id, name }) => ({ value: user_id, label: name }))}
					value={draft.owner_user_id}
					onChange={(owner_user_id) => onChange({ owner_user_id })}
					error={errors.owner_user_id ?? null}
				/>
				<TextInput
					type="date"
					label="Target date"
					min={earliestDay}
					max={latestDay}
					value={draft.target_date}
					onChange={(event) => onChange({ target_date: event.currentTarget.value })}
					error={errors.target_date ?? null}
				/>
			</div>
			<Select
				label="Part of"
				placeholder="No other goal"
				clearable
				searchable
				data={parents.map(({ id, title }) => ({ value: id, label: title }))}
				value={draft.parent_id}
				onChange={(parent_id) => onChange({ parent_id })}
				error={errors.parent_id ?? null}
			/>
		</>
	);
};
