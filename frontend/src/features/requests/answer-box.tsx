import { Button, Group, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { z } from "zod";
import { ErrorNotice } from "../../components/notice.tsx";
import { dropDraft, keepDraft, loadDraft } from "../../lib/drafts.ts";
import { fieldErrors } from "../../lib/problems.ts";
import { randomId } from "../../lib/random-id.ts";

type Props = {
	/** Where the text is kept until it was sent. */
	draftKey: string;
	label: string;
	placeholder: string;
	submitLabel: string;
	autoFocus?: boolean;
	send: (text: string, idempotencyKey: string) => Promise<unknown>;
	onSent: () => void;
	onCancel?: () => void;
	children?: (text: string, busy: boolean) => ReactNode;
};

/** A text and its send button. Sending twice says it once; what is typed stays until it was sent. */
export const AnswerBox = ({ draftKey, label, placeholder, submitLabel, autoFocus, send, onSent, onCancel, children }: Props) => {
	const [text, setText] = useState(() => loadDraft(draftKey, z.string()) ?? "");
	const [key, setKey] = useState(randomId);
	const submit = useMutation({
		mutationFn: () => send(text, key),
		onSuccess: () => {
			setText("");
			dropDraft(draftKey);
			setKey(randomId());
			onSent();
		},
	});
	const textError = fieldErrors(submit.error).text;
	const commit = () => {
		if (text.trim() !== "" && !submit.isPending) submit.mutate();
	};
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				commit();
			}}
		>
			<Textarea
				label={label}
				placeholder={placeholder}
				autosize
				minRows={2}
				maxRows={14}
				data-autofocus={autoFocus}
				autoFocus={autoFocus === true}
				value={text}
				onChange={(event) => {
					setText(event.currentTarget.value);
					keepDraft(draftKey, event.currentTarget.value);
					// Another text is another message; only the same one may be repeated under the same key.
					if (submit.isError) setKey(randomId());
				}}
				onKeyDown={(event) => {
					if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) commit();
				}}
				error={textError ?? null}
			/>
			{submit.error !== null && textError === undefined && (
				<div style={{ marginTop: "0.5rem" }}>
					<ErrorNotice error={submit.error} />
				</div>
			)}
			<Group gap="xs" mt="xs" justify="end">
				{children?.(text, submit.isPending)}
				{onCancel !== undefined && (
					<Button variant="default" onClick={onCancel}>
						Close
					</Button>
				)}
				<Button type="submit" loading={submit.isPending} disabled={text.trim() === ""}>
					{submitLabel}
				</Button>
			</Group>
		</form>
	);
};
