import type { CommentThread } from "@agentplanner/contracts";
import { Button, Group } from "@mantine/core";
import { IconArrowBackUp, IconCheck, IconMessage2 } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNotice } from "../../components/notice.tsx";
import { commentsKeys, createComment, reopenComment, resolveComment } from "../../queries/comments.ts";
import { CommentComposer } from "./comment-composer.tsx";
import { CommentView } from "./comment-view.tsx";

type Props = { thread: CommentThread; mayWrite: boolean };

/** A comment with its replies. A settled one is folded up. */
export const ThreadView = ({ thread, mayWrite }: Props) => {
	const replies = thread.replies.length;
	if (thread.resolved_at === null) return <OpenThread thread={thread} mayWrite={mayWrite} />;
	return (
		<details className="settled-thread">
			<summary className="small">
				<IconCheck size={14} aria-hidden />
				<span className="truncate">
					{thread.written_by}: {thread.text}
				</span>
				<span className="tiny dim">
					Settled by {thread.resolved_by}
					{replies > 0 && `, ${replies} ${replies === 1 ? "reply" : "replies"}`}
				</span>
			</summary>
			<OpenThread thread={thread} mayWrite={mayWrite} />
		</details>
	);
};

const OpenThread = ({ thread, mayWrite }: Props) => {
	const client = useQueryClient();
	const [replying, setReplying] = useState(false);
	const refresh = () => Promise.all(commentsKeys(thread.project_id).map((queryKey) => client.invalidateQueries({ queryKey })));
	const settle = useMutation({
		mutationFn: () => (thread.resolved_at === null ? resolveComment(thread) : reopenComment(thread)),
		onSettled: refresh,
	});
	const place = { projectId: thread.project_id, planId: thread.plan_id, nodeId: thread.node_id };
	return (
		<div className="thread card">
			<CommentView comment={thread} />
			{thread.replies.length > 0 && (
				<ol className="thread-replies">
					{thread.replies.map((reply) => (
						<li key={reply.id}>
							<CommentView comment={reply} />
						</li>
					))}
				</ol>
			)}
			{settle.error !== null && <ErrorNotice error={settle.error} />}
			{mayWrite && replying && (
				<CommentComposer
					projectId={thread.project_id}
					planId={thread.plan_id}
					draftKey={`reply:${thread.id}`}
					label="Your reply"
					placeholder="Your reply"
					submitLabel="Reply"
					autoFocus
					send={async (text, key) => {
						await createComment(place, { text, parent_id: thread.id }, key);
						await refresh();
					}}
					onSent={() => setReplying(false)}
					onCancel={() => setReplying(false)}
				/>
			)}
			{mayWrite && !replying && (
				<Group gap={4}>
					<Button
						variant="subtle"
						color="gray"
						size="compact-xs"
						leftSection={<IconMessage2 size={13} />}
						onClick={() => setReplying(true)}
						disabled={thread.deleted_at !== null}
					>
						Reply
					</Button>
					<Button
						variant="subtle"
						color="gray"
						size="compact-xs"
						leftSection={thread.resolved_at === null ? <IconCheck size={13} /> : <IconArrowBackUp size={13} />}
						loading={settle.isPending}
						onClick={() => settle.mutate()}
						disabled={thread.deleted_at !== null}
					>
						{thread.resolved_at === null ? "Settle" : "Take up again"}
					</Button>
				</Group>
			)}
		</div>
	);
};
