import type { PlanNode } from "@agentplanner/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { z } from "zod";
import { dropDraft, keepDraft, loadDraft } from "../../lib/drafts.ts";
import { type EditableField, type FieldStore, type Holder, nodeStore } from "./field-stores.ts";
import { FieldConflict, isSame, latestOf, saveField } from "./save-field.ts";
import { editsIn } from "./use-undo.ts";

const Draft = z.object({ base: z.string(), value: z.string() });

/** What is worth keeping over a reload; a chosen kind or date is chosen again more easily. */
const longTexts: readonly EditableField[] = ["title", "description", "context", "agent_instructions", "acceptance_criteria"];

/** One field being edited: what is typed stays until it is saved or given up, whatever the server says. */
export const useFieldEditor = <Field extends EditableField>(holder: Holder<Field>, field: Field, store: FieldStore<Field> = nodeStore) => {
	const client = useQueryClient();
	type Edit = { base: PlanNode[Field]; value: PlanNode[Field] };
	const storageKey = `edit:${holder.id}:${field}`;
	const [draft, draw] = useState(() => {
		const kept = loadDraft(storageKey, Draft) as Edit | null;
		// Its save ended after the field was left.
		return kept === null || isSame(kept.value, holder[field]) ? null : kept;
	});
	// A key may come before a save that has ended is drawn, so what is sent next never comes from what is drawn.
	const latest = useRef(draft);
	const savedValue = () => latestOf(client, holder, store)[field];
	const setDraft = (next: Edit | null) => {
		latest.current = next;
		draw(next);
	};
	const startEdit = (value: PlanNode[Field]): Edit => ({
		base: latest.current === null ? savedValue() : latest.current.base,
		value,
	});
	const sending = useRef(false);
	// What was committed while another save ran: it goes next.
	const waiting = useRef<Pick<Edit, "value"> | null>(null);
	useEffect(() => {
		if (draft === null) dropDraft(storageKey);
		else if (longTexts.includes(field)) keepDraft(storageKey, draft);
	}, [draft, field, storageKey]);
	const save = useMutation({
		mutationKey: editsIn(holder.plan_id),
		mutationFn: (edit: Edit) => saveField(client, holder, field, edit.base, edit.value, store),
		onSuccess: (saved, edit) => {
			sending.current = false;
			const typed = latest.current;
			// Typing went on while the save ran: keep it, on top of what was saved.
			setDraft(typed === null || isSame(typed.value, edit.value) ? null : { ...typed, base: saved[field] });
			const next = waiting.current;
			waiting.current = null;
			if (next !== null && !isSame(next.value, saved[field])) send({ base: saved[field], value: next.value });
		},
		onError: () => {
			sending.current = false;
			waiting.current = null;
		},
	});
	const send = (edit: Edit): void => {
		sending.current = true;
		save.mutate(edit);
	};
	const conflict = save.error instanceof FieldConflict ? save.error : null;

	const submit = (value = latest.current?.value) => {
		if (value === undefined) return;
		const edit = startEdit(value);
		if (sending.current) {
			waiting.current = { value };
			return setDraft(edit);
		}
		if (isSame(value, edit.base)) return setDraft(null);
		setDraft(edit);
		send(edit);
	};

	return {
		value: draft === null ? savedValue() : draft.value,
		dirty: draft !== null && !isSame(draft.value, draft.base),
		saving: save.isPending,
		saved: save.isSuccess && draft === null,
		conflict,
		error: conflict === null ? save.error : null,
		change: (value: PlanNode[Field]) => setDraft(startEdit(value)),
		commit(value?: PlanNode[Field]) {
			submit(value);
		},
		/** For what adds to the value or takes from it: `change` gets it as it is by now. */
		commitChange(change: (value: PlanNode[Field]) => PlanNode[Field]) {
			submit(change(latest.current === null ? savedValue() : latest.current.value));
		},
		/** When the focus goes. What was refused waits for an answer: were it sent again, the ways out would go from under the press. */
		leave() {
			if (save.error === null) submit();
		},
		/** After a conflict: ours replaces theirs, knowingly. */
		overwrite() {
			if (draft !== null) send({ base: savedValue(), value: draft.value });
		},
		giveUp() {
			waiting.current = null;
			setDraft(null);
			save.reset();
		},
	};
};
