import type { Comment } from "@agentplanner/contracts";
import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { ConfirmModal } from "../../components/confirm-modal.tsx";
import { UntrustedMarkdown } from "../../components/markdown.tsx";
import { Moment } from "../../components/moment.tsx";
import { commentsKeys, deleteComment, updateComment } from "../../queries/comments.ts";
import { useMayInPlan } from "../../queries/rights.ts";
import { sessionQuery } from "../../queries/session.ts";
import { AuthorMark } from "./author-mark.tsx";
import { CommentComposer } from "./comment-composer.tsx";

/** One comment or reply, with what its author, or an admin, can do with it. */
export const CommentView = ({ comment }: { comment: Comment }) => {
	const client = useQueryClient();
	const [editing, setEditing] = useState(false);
	const [deleting, setDeleting] = useState(false);
	const may = useMayInPlan(comment.project_id, comment.plan_id);
	const userId = useQuery(sessionQuery()).data?.user.id;
	const isMine = comment.written_by_user_id === userId;
	const mayEdit = isMine && may("comments:write");
	const mayDelete = mayEdit || may("comments:moderate");
	const mentioned = useMemo(() => comment.mentions.map(({ name }) => name), [comment.mentions]);
	const refresh = () => Promise.all(commentsKeys(comment.project_id).map((queryKey) => client.invalidateQueries({ queryKey })));

	if (comment.deleted_at !== null) return <p className="comment small dim">This comment was deleted.</p>;
	return (
		<article className="comment" aria-label={`Comment by ${comment.written_by}`}>
			<div className="comment-head">
				<AuthorMark isAgent={comment.written_by_agent_id !== null} />
				<strong className="wrap">{comment.written_by}</strong>
				<span className="tiny dim">
					<Moment at={comment.created_at} />
					{comment.edited_at !== null && ", edited"}
				</span>
				{mayDelete && !editing && (
					<Menu position="bottom-end" width={160}>
						<Menu.Target>
							<ActionIcon variant="subtle" color="gray" size="sm" aria-label={`What to do with ${comment.written_by}'s comment`}>
								<IconDots size={15} />
							</ActionIcon>
						</Menu.Target>
						<Menu.Dropdown>
							{mayEdit && (
								<Menu.Item leftSection={<IconPencil size={14} />} onClick={() => setEditing(true)}>
									Edit
								</Menu.Item>
							)}
							<Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => setDeleting(true)}>
								Delete
							</Menu.Item>
						</Menu.Dropdown>
					</Menu>
				)}
			</div>
			{editing ? (
				<CommentComposer
					projectId={comment.project_id}
					planId={comment.plan_id}
					draftKey={`comment-edit:${comment.id}`}
					label="Change the comment"
					submitLabel="Save"
					initial={comment.text}
					autoFocus
					send={async (text) => {
						await updateComment(comment, text);
						await refresh();
					}}
					onSent={() => setEditing(false)}
					onCancel={() => setEditing(false)}
				/>
			) : (
				<UntrustedMarkdown text={comment.text} mentioned={mentioned} />
			)}
			<ConfirmModal
				opened={deleting}
				onClose={() => setDeleting(false)}
				title="Delete this comment?"
				confirmLabel="Delete it"
				act={async () => {
					await deleteComment(comment);
					await refresh();
				}}
			>
				Its text goes for everybody, and can't be brought back. Replies to it stay.
			</ConfirmModal>
		</article>
	);
};
