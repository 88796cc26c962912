import type { PlanNode } from "@agentplanner/contracts";
import { Textarea } from "@mantine/core";
import { type KeyboardEvent, useId } from "react";
import { FieldOutcome } from "./field-outcome.tsx";
import { useFieldEditor } from "./use-field-editor.ts";

type Props = {
	node: PlanNode;
	field: "description" | "context" | "agent_instructions" | "acceptance_criteria";
	label: string;
	placeholder: string;
	readOnly: boolean;
};

/** Text that is edited where it stands: saved on leaving it or with ⌘Enter, undone with Escape. */
export const TextField = ({ node, field, label, placeholder, readOnly }: Props) => {
	const editor = useFieldEditor(node, field);
	const id = useId();
	const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
		if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) editor.commit();
		if (event.key !== "Escape") return;
		event.stopPropagation();
		editor.giveUp();
	};
	return (
		<div className="field">
			<div className="field-head">
				<label htmlFor={id} className="section-title">
					{label}
				</label>
				<span className="tiny dim" role="status">
					{editor.saving ? "Saving…" : editor.dirty ? "Not saved yet" : editor.saved ? "Saved" : ""}
				</span>
			</div>
			<Textarea
				id={id}
				autosize
				minRows={2}
				maxRows={16}
				placeholder={readOnly ? "None" : placeholder}
				readOnly={readOnly}
				value={editor.value}
				classNames={{ input: "in-place" }}
				onChange={(event) => editor.change(event.currentTarget.value)}
				onBlur={() => editor.commit()}
				onKeyDown={onKeyDown}
			/>
			<FieldOutcome editor={editor} field={field} />
		</div>
	);
};
