import { type LogKind, logKinds } from "@agentplanner/contracts";
import { Button, Group, Select, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { z } from "zod";
import { FormProblem } from "../../components/form-problem.tsx";
import { afterSending } from "../../lib/after-sending.ts";
import { dropDraft, keepDraft, loadDraft } from "../../lib/drafts.ts";
import { fieldErrors } from "../../lib/problems.ts";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { createLog, logsKey } from "../../queries/logs.ts";
import { logLooks } from "./log-looks.ts";

/** Notes something about the work on a node. What is typed stays until it was sent. */
export const LogComposer = ({ projectId, nodeId }: { projectId: string; nodeId: string }) => {
	const client = useQueryClient();
	const draftKey = `log:${nodeId}`;
	const [text, setText] = useState(() => loadDraft(draftKey, z.string()) ?? "");
	const [kind, setKind] = useState<LogKind>("progress");
	const [keys] = useState(createSubmissionKeys);
	const latest = useRef(text);
	const change = (next: string) => {
		latest.current = next;
		setText(next);
		if (next === "") dropDraft(draftKey);
		else keepDraft(draftKey, next);
	};
	const submit = useMutation({
		mutationFn: (body: { kind: LogKind; text: string }) => createLog(projectId, nodeId, body, keys.keyFor(body)),
		onSuccess: async (_, sent) => {
			keys.done();
			change(afterSending(latest.current, sent.text));
			await client.invalidateQueries({ queryKey: logsKey(projectId, nodeId) });
		},
	});
	const sendable = text.trim() !== "" && !submit.isPending;
	const commit = () => {
		if (sendable) submit.mutate({ kind, text });
	};
	return (
		<form
			className="comment-composer"
			onSubmit={(event) => {
				event.preventDefault();
				commit();
			}}
		>
			<Textarea
				aria-label="What to note"
				placeholder="What happened at work on this"
				autosize
				minRows={2}
				maxRows={14}
				value={text}
				error={fieldErrors(submit.error).text ?? null}
				onChange={(event) => change(event.currentTarget.value)}
				onKeyDown={(event) => {
					if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) commit();
				}}
			/>
			<FormProblem error={submit.error} shown={["text"]} />
			{text !== "" && (
				<Group gap="xs" justify="end" wrap="nowrap">
					<span className="tiny dim comment-hint">It can't be changed afterwards.</span>
					<Select
						size="xs"
						w={130}
						aria-label="Kind"
						allowDeselect={false}
						value={kind}
						onChange={(value) => setKind(value as LogKind)}
						data={logKinds.map((value) => ({ value, label: logLooks[value].label }))}
					/>
					<Button type="submit" loading={submit.isPending} disabled={!sendable && !submit.isPending}>
						Note
					</Button>
				</Group>
			)}
		</form>
	);
};
