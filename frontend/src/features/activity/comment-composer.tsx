import { mentionRanges } from "@agentplanner/contracts";
import { Button, Group } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { z } from "zod";
import { FormProblem } from "../../components/form-problem.tsx";
import { afterSending } from "../../lib/after-sending.ts";
import { dropDraft, keepDraft, loadDraft } from "../../lib/drafts.ts";
import { fieldErrors } from "../../lib/problems.ts";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { MentionField } from "./mention-field.tsx";
import { type Mentionable, useMentionable } from "./use-mentionable.ts";

type Props = {
	projectId: string;
	planId: string;
	/** Where the text is kept until it was sent. */
	draftKey: string;
	label: string;
	placeholder?: string;
	submitLabel: string;
	/** What it begins with: a text to be changed. */
	initial?: string;
	autoFocus?: boolean;
	send: (text: string, idempotencyKey: string) => Promise<unknown>;
	onSent?: () => void;
	onCancel?: () => void;
};

/** A comment, a reply, or a comment to be changed. What is typed stays until it was sent. */
export const CommentComposer = (props: Props) => {
	const { projectId, planId, draftKey, label, placeholder = "", submitLabel, initial = "", autoFocus, send, onSent, onCancel } = props;
	const [text, setText] = useState(() => loadDraft(draftKey, z.string()) ?? initial);
	const [keys] = useState(createSubmissionKeys);
	const latest = useRef(text);
	const people = useMentionable(projectId, planId);
	const change = (next: string) => {
		latest.current = next;
		setText(next);
		if (next === "" || next === initial) dropDraft(draftKey);
		else keepDraft(draftKey, next);
	};
	const submit = useMutation({
		mutationFn: (sent: string) => send(sent, keys.keyFor(sent)),
		onSuccess: (_, sent) => {
			keys.done();
			change(afterSending(latest.current, sent));
			onSent?.();
		},
	});
	const sendable = text.trim() !== "" && text !== initial && !submit.isPending;
	const commit = () => {
		if (sendable) submit.mutate(text);
	};
	const giveUp = () => {
		dropDraft(draftKey);
		onCancel?.();
	};
	return (
		<form
			className="comment-composer"
			onSubmit={(event) => {
				event.preventDefault();
				commit();
			}}
		>
			<MentionField
				label={label}
				placeholder={placeholder}
				value={text}
				people={people}
				error={fieldErrors(submit.error).text ?? null}
				autoFocus={autoFocus === true}
				onChange={change}
				onSubmit={commit}
				onEscape={onCancel === undefined ? undefined : giveUp}
			/>
			<FormProblem error={submit.error} shown={["text"]} />
			{(text !== initial || onCancel !== undefined) && (
				<Group gap="xs" justify="end" wrap="nowrap">
					<span className="tiny dim comment-hint">{hintFor(text, people)}</span>
					{onCancel !== undefined && (
						<Button variant="default" onClick={giveUp}>
							Cancel
						</Button>
					)}
					<Button type="submit" loading={submit.isPending} disabled={!sendable && !submit.isPending}>
						{submitLabel}
					</Button>
				</Group>
			)}
		</form>
	);
};

const hintFor = (text: string, people: Mentionable[]): string => {
	const agents = people.filter(({ kind }) => kind === "agent").map(({ name }) => name);
	const agent = mentionRanges(text, agents)[0]?.name;
	return agent === undefined ? "Markdown. @ mentions somebody." : `${agent} is mentioned, not asked: for that, press Ask Agent.`;
};
