import type { PlanNode } from "@agentplanner/contracts";
import { Textarea } from "@mantine/core";
import { FieldOutcome } from "./field-outcome.tsx";
import { useFieldEditor } from "./use-field-editor.ts";

export const TitleField = ({ node, readOnly }: { node: PlanNode; readOnly: boolean }) => {
	const editor = useFieldEditor(node, "title");
	return (
		<div className="field">
			<Textarea
				aria-label="Title"
				autosize
				readOnly={readOnly}
				minRows={1}
				value={editor.value}
				classNames={{ input: "in-place in-place-title" }}
				onChange={(event) => editor.change(event.currentTarget.value.replace(/[\r\n]+/g, " "))}
				onBlur={editor.leave}
				onKeyDown={(event) => {
					if (event.key === "Enter") {
						event.preventDefault();
						editor.commit();
					}
					if (event.key === "Escape") {
						event.stopPropagation();
						editor.giveUp();
					}
				}}
			/>
			<FieldOutcome editor={editor} field="title" />
		</div>
	);
};
