import type { PlanNode } from "@agentplanner/contracts";
import { TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { earliestDay, latestDay, readDateInput, toDateInput } from "../../time/format.ts";
import { AddFieldButton } from "./add-field-button.tsx";
import { FieldOutcome } from "./field-outcome.tsx";
import { useFieldEditor } from "./use-field-editor.ts";

/** Saved on leaving it or with Enter, once it is a whole date; Escape takes the saved one back. */
export const DueField = ({ node }: { node: PlanNode }) => {
	const editor = useFieldEditor(node, "due_at");
	const [typed, setTyped] = useState<string | null>(null);
	const [problem, setProblem] = useState<string | null>(null);
	const [adding, setAdding] = useState(false);
	const adder = useRef<HTMLButtonElement>(null);
	const shown = typed ?? (editor.value === null ? "" : toDateInput(editor.value));
	const commit = (input: HTMLInputElement) => {
		// A half-typed date may never have been reported as a change.
		if (typed === null && !input.validity.badInput) return;
		const reading = readDateInput(input.value, input.validity.badInput);
		if ("problem" in reading) return setProblem(reading.problem);
		setProblem(null);
		setTyped(null);
		if (input.value !== (editor.value === null ? "" : toDateInput(editor.value))) editor.commit(reading.at);
	};
	const giveUp = (input: HTMLInputElement) => {
		// React can't clear what the browser calls empty already.
		input.value = "";
		input.value = editor.value === null ? "" : toDateInput(editor.value);
		flushSync(() => {
			setProblem(null);
			setTyped(null);
			setAdding(false);
		});
		adder.current?.focus();
	};
	if (!adding && typed === null && editor.value === null && editor.error === null && editor.conflict === null)
		return <AddFieldButton ref={adder} label="Add due date" onClick={() => setAdding(true)} />;
	return (
		<>
			<TextInput
				type="date"
				aria-label="Due date"
				autoFocus={adding}
				size="xs"
				w={150}
				min={earliestDay}
				max={latestDay}
				value={shown}
				error={problem}
				onChange={(event) => {
					setTyped(event.currentTarget.value);
					setProblem(null);
				}}
				onBlur={(event) => {
					commit(event.currentTarget);
					setAdding(event.currentTarget.validity.badInput);
				}}
				onKeyDown={(event) => {
					if (event.key === "Enter") commit(event.currentTarget);
					if (event.key !== "Escape") return;
					event.stopPropagation();
					giveUp(event.currentTarget);
				}}
			/>
			<FieldOutcome editor={editor} field="due_at" />
		</>
	);
};
