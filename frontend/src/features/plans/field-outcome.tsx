import type { PlanNode } from "@agentplanner/contracts";
import { Button, Group } from "@mantine/core";
import { ErrorNotice, Notice } from "../../components/notice.tsx";
import { fieldErrors } from "../../lib/problems.ts";
import type { EditableField } from "./field-stores.ts";
import type { useFieldEditor } from "./use-field-editor.ts";

/** A saved value in the words of the page. */
const sayValue = (value: PlanNode[EditableField]): string => {
	if (value === null || value.length === 0) return "(empty)";
	return Array.isArray(value) ? value.join(", ") : value;
};

type Outcome = Pick<ReturnType<typeof useFieldEditor>, "conflict" | "error" | "overwrite" | "giveUp" | "commit">;

/** What became of a save that did not go through, and the ways out of it. */
export const FieldOutcome = ({ editor, field }: { editor: Outcome; field: EditableField }) => {
	if (editor.conflict !== null) {
		return (
			<Notice tone="orange" title="Somebody else changed this while you were editing" alert>
				Yours is still here and nothing was overwritten. Saved now is:
				<div className="pre saved-now">{sayValue(editor.conflict.theirs)}</div>
				<Group gap="xs" mt={6}>
					<Button size="compact-xs" onClick={editor.overwrite}>
						Save mine
					</Button>
					<Button size="compact-xs" variant="default" onClick={editor.giveUp}>
						Take theirs
					</Button>
				</Group>
			</Notice>
		);
	}
	if (editor.error === null) return null;
	const message = fieldErrors(editor.error)[field];
	return (
		<div>
			{message === undefined ? (
				<ErrorNotice error={editor.error} />
			) : (
				<Notice tone="red" title="Not saved" alert>
					This field {message}.
				</Notice>
			)}
			<Group gap="xs" mt={6}>
				<Button size="compact-xs" onClick={() => editor.commit()}>
					Try again
				</Button>
				<Button size="compact-xs" variant="default" onClick={editor.giveUp}>
					Undo my change
				</Button>
			</Group>
		</div>
	);
};
