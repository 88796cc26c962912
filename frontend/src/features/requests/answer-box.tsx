import { Button, Group, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useRef, useState } from "react";
import { z } from "zod";
import { FormProblem } from "../../components/form-problem.tsx";
import { Notice } from "../../components/notice.tsx";
import { afterSending } from "../../lib/after-sending.ts";
import { dropDraft, keepDraft, loadDraft } from "../../lib/drafts.ts";
import { fieldErrors } from "../../lib/problems.ts";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";

type Props = {
	/** Where the text is kept until it was sent. */
	draftKey: string;
	label: string;
	placeholder: string;
	submitLabel: string;
	autoFocus?: boolean;
	/** Why the text can't be sent any more: then it stays to be copied, and without any text nothing shows. */
	closed: string | null;
	send: (text: string, idempotencyKey: string) => Promise<unknown>;
	/** `emptied`: nothing else was typed meanwhile. */
	onSent: (emptied: boolean) => void;
	onCancel?: () => void;
	children?: (text: string, busy: boolean) => ReactNode;
};

/** A text and its send button. Sending twice says it once; what is typed stays until it was sent. */
export const AnswerBox = (props: Props) => {
	const { draftKey, label, placeholder, submitLabel, autoFocus, closed, send, onSent, onCancel, children } = props;
	const [text, setText] = useState(() => loadDraft(draftKey, z.string()) ?? "");
	const [keys] = useState(createSubmissionKeys);
	const latest = useRef(text);
	const change = (next: string) => {
		latest.current = next;
		setText(next);
		if (next === "") dropDraft(draftKey);
		else keepDraft(draftKey, next);
	};
	const submit = useMutation({
		mutationFn: (sent: string) => send(sent, keys.keyFor(sent)),
		onSuccess: (_, sent) => {
			keys.done();
			change(afterSending(latest.current, sent));
			onSent(latest.current === "");
		},
	});
	const textError = fieldErrors(submit.error).text;
	const sendable = closed === null && text.trim() !== "";
	const commit = () => {
		if (sendable && !submit.isPending) submit.mutate(text);
	};
	const drop = () => {
		change("");
		onCancel?.();
	};
	if (closed !== null && text === "") return null;
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
				// Not disabled: the text can still be selected, and the focus stays.
				readOnly={closed !== null}
				value={text}
				onChange={(event) => change(event.currentTarget.value)}
				onKeyDown={(event) => {
					if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) commit();
				}}
				error={textError ?? null}
			/>
			<div style={{ marginTop: "0.5rem" }}>
				<FormProblem error={submit.error} shown={["text"]} />
				{closed !== null && !submit.isPending && (
					<Notice tone="amber" title={closed} alert>
						It was not sent. The text stays here to be copied until you discard it.
					</Notice>
				)}
			</div>
			<Group gap="xs" mt="xs" justify="end">
				{closed === null ? (
					<>
						{children?.(text, submit.isPending)}
						{onCancel !== undefined && (
							<Button variant="default" onClick={onCancel}>
								Close
							</Button>
						)}
					</>
				) : (
					<Button variant="default" onClick={drop}>
						Discard
					</Button>
				)}
				<Button type="submit" loading={submit.isPending} disabled={!sendable}>
					{submitLabel}
				</Button>
			</Group>
		</form>
	);
};
