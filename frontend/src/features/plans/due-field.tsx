import type { PlanNode } from "@agentplanner/contracts";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { fromDateInput, toDateInput } from "../../time/format.ts";
import { FieldOutcome } from "./field-outcome.tsx";
import { useFieldEditor } from "./use-field-editor.ts";

export const DueField = ({ node }: { node: PlanNode }) => {
	const editor = useFieldEditor(node, "due_at");
	// While somebody types a date, the browser reports the unfinished ones as empty: those must not be saved.
	const [typed, setTyped] = useState<string | null>(null);
	const shown = typed ?? (editor.value === null ? "" : toDateInput(editor.value));
	const commit = () => {
		if (typed === null) return;
		editor.commit(fromDateInput(typed));
		setTyped(null);
	};
	return (
		<>
			<TextInput
				type="date"
				aria-label="Due date"
				size="xs"
				value={shown}
				onChange={(event) => setTyped(event.currentTarget.value)}
				onBlur={commit}
				onKeyDown={(event) => {
					if (event.key === "Enter") commit();
				}}
			/>
			<FieldOutcome editor={editor} field="due_at" />
		</>
	);
};
