import { ActionIcon, Spoiler, Textarea } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef, useState } from "react";
import { UntrustedMarkdown } from "../../components/markdown.tsx";
import { AddFieldButton } from "./add-field-button.tsx";
import { FieldOutcome } from "./field-outcome.tsx";
import type { useFieldEditor } from "./use-field-editor.ts";

export type TextField = "description" | "context" | "agent_instructions" | "acceptance_criteria";

type Props = {
	editor: ReturnType<typeof useFieldEditor<TextField>>;
	field: TextField;
	label: string;
	placeholder: string;
	readOnly: boolean;
	/** Longer texts fold, so that what stands below them stays in reach. */
	foldedPx?: number;
};

/** Not a press on something in the text, nor the end of marking some of it. */
const opensEditor = ({ target }: MouseEvent): boolean =>
	target instanceof Element && target.closest("a, button") === null && globalThis.getSelection()?.isCollapsed !== false;

/** Markdown as it will be read; edited where it stands, saved on leaving it or with ⌘Enter, undone with Escape. */
export const MarkdownField = ({ editor, field, label, placeholder, readOnly, foldedPx = 240 }: Props) => {
	const [focused, setFocused] = useState(false);
	const id = useId();
	const opener = useRef<HTMLButtonElement>(null);
	const leaving = useRef<AbortController>(null);
	const endedByKey = useRef(false);
	const editing = focused || editor.dirty || editor.saving || editor.error !== null || editor.conflict !== null;

	useEffect(() => {
		if (editing || !endedByKey.current) return;
		endedByKey.current = false;
		opener.current?.focus();
	}, [editing]);

	const enter = () => {
		leaving.current?.abort();
		setFocused(true);
	};
	const leave = () => {
		editor.leave();
		// With the end of the press that left it: were the page to move under it, the press would miss.
		const stop = new AbortController();
		leaving.current = stop;
		const close = () => {
			stop.abort();
			setTimeout(() => setFocused(false));
		};
		for (const type of ["pointerup", "pointercancel", "keyup"]) window.addEventListener(type, close, { signal: stop.signal });
	};
	const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
		const saves = event.key === "Enter" && (event.metaKey || event.ctrlKey);
		if (!saves && event.key !== "Escape") return;
		event.stopPropagation();
		endedByKey.current = true;
		if (saves) editor.commit();
		else editor.giveUp();
		setFocused(false);
	};

	if (!editing && editor.value === "")
		return readOnly ? null : <AddFieldButton ref={opener} label={`Add ${label.toLowerCase()}`} onClick={() => setFocused(true)} />;
	return (
		<section className="field" aria-labelledby={`${id}-label`}>
			<div className="field-head">
				<h2 className="section-title" id={`${id}-label`}>
					{label}
				</h2>
				<span className="tiny dim" role="status">
					{editor.saving ? "Saving…" : editor.dirty ? "Not saved yet" : editor.saved ? "Saved" : ""}
				</span>
				{!readOnly && !editing && (
					<ActionIcon
						ref={opener}
						variant="subtle"
						color="gray"
						size="sm"
						aria-label={`Edit ${label.toLowerCase()}`}
						onClick={() => setFocused(true)}
					>
						<IconPencil size={14} />
					</ActionIcon>
				)}
			</div>
			{editing ? (
				<Textarea
					aria-labelledby={`${id}-label`}
					autoFocus={focused}
					autosize
					minRows={3}
					maxRows={20}
					placeholder={placeholder}
					description="Markdown"
					inputWrapperOrder={["input", "description"]}
					value={editor.value}
					classNames={{ input: "in-place" }}
					onChange={(event) => editor.change(event.currentTarget.value)}
					onFocus={enter}
					onBlur={leave}
					onKeyDown={onKeyDown}
				/>
			) : (
				<Spoiler maxHeight={foldedPx} showLabel="Show all" hideLabel="Show less" classNames={{ control: "field-fold" }}>
					{/* biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: the pencil above does the same */}
					<div
						className="field-text"
						data-editable={!readOnly}
						onClick={(event) => {
							if (!readOnly && opensEditor(event)) setFocused(true);
						}}
					>
						<UntrustedMarkdown text={editor.value} />
					</div>
				</Spoiler>
			)}
			<FieldOutcome editor={editor} field={field} />
		</section>
	);
};
