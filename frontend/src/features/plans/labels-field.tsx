import { maxLabelCharacters, maxLabels, type PlanNode } from "@agentplanner/contracts";
import { Autocomplete } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { planTreeQuery } from "../../queries/plans.ts";
import { AddFieldButton } from "./add-field-button.tsx";
import { FieldOutcome } from "./field-outcome.tsx";
import { hasLabel, suggestLabels } from "./labels.ts";
import { useFieldEditor } from "./use-field-editor.ts";

/** The labels of a node, each saved as soon as it is added or removed. */
export const LabelsField = ({ node, readOnly }: { node: PlanNode; readOnly: boolean }) => {
	const editor = useFieldEditor(node, "labels");
	const labels = editor.value;
	const [adding, setAdding] = useState(false);
	const adder = useRef<HTMLButtonElement>(null);
	/** What had the focus is gone then. */
	const thenFocus = (change: () => void) => {
		flushSync(change);
		adder.current?.focus();
	};
	const add = (label: string) =>
		editor.commitChange((known) => (hasLabel(known, label) || known.length >= maxLabels ? known : [...known, label]));
	const remove = (label: string) => editor.commitChange((known) => known.filter((other) => other !== label));
	if (readOnly && labels.length === 0) return "None";
	return (
		<div className="labels">
			{labels.length > 0 && (
				<ul className="label-list" aria-label="Labels">
					{labels.map((label) => (
						<li key={label} className="label">
							<span className="truncate">{label}</span>
							{!readOnly && (
								<button type="button" aria-label={`Remove the label ${label}`} onClick={() => thenFocus(() => remove(label))}>
									<IconX size={11} aria-hidden />
								</button>
							)}
						</li>
					))}
				</ul>
			)}
			{readOnly || labels.length >= maxLabels ? null : adding ? (
				<NewLabel
					node={node}
					taken={labels}
					onAdd={add}
					onRemove={remove}
					onDone={() => setAdding(false)}
					onEscape={() => thenFocus(() => setAdding(false))}
				/>
			) : (
				<AddFieldButton ref={adder} label="Add label" onClick={() => setAdding(true)} />
			)}
			<FieldOutcome editor={editor} field="labels" />
		</div>
	);
};

type NewLabelProps = {
	node: PlanNode;
	taken: string[];
	onAdd: (label: string) => void;
	onRemove: (label: string) => void;
	onDone: () => void;
	onEscape: () => void;
};

/** Enter adds what was typed or chosen and stays for the next one; Escape or leaving it ends. */
const NewLabel = ({ node, taken, onAdd, onRemove, onDone, onEscape }: NewLabelProps) => {
	const tree = useQuery(planTreeQuery(node.project_id, node.plan_id)).data;
	const [typed, setTyped] = useState("");
	// Choosing one reports it as typed, too.
	const chosen = useRef(false);
	const add = (label: string) => {
		setTyped("");
		if (label.trim() !== "") onAdd(label.trim());
	};
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				add(typed);
			}}
		>
			<Autocomplete
				aria-label="New label"
				placeholder="Label"
				size="xs"
				w={140}
				autoFocus
				maxLength={maxLabelCharacters}
				data={suggestLabels(tree?.nodes ?? [], taken)}
				limit={8}
				value={typed}
				onChange={(value) => {
					if (!chosen.current) setTyped(value);
					chosen.current = false;
				}}
				onOptionSubmit={(label) => {
					chosen.current = true;
					add(label);
				}}
				onKeyDown={(event) => {
					const last = taken.at(-1);
					if (event.key === "Backspace" && typed === "" && last !== undefined) onRemove(last);
					if (event.key !== "Escape") return;
					event.stopPropagation();
					onEscape();
				}}
				onBlur={() => {
					add(typed);
					onDone();
				}}
			/>
		</form>
	);
};
