import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { LoadMore } from "../../components/load-more.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { type CommentPlace, commentsKeys, createComment, nodeCommentsQuery, planCommentsQuery } from "../../queries/comments.ts";
import { useMayInPlan } from "../../queries/rights.ts";
import { CommentComposer } from "./comment-composer.tsx";
import { ThreadView } from "./thread-view.tsx";

/** What people and agents said about a node, or about a plan as a whole: the newest thread first. */
export const CommentList = ({ place }: { place: CommentPlace }) => {
	const { projectId, planId, nodeId } = place;
	const client = useQueryClient();
	const mayWrite = useMayInPlan(projectId, planId)("comments:write");
	const ofNode = useInfiniteQuery({ ...nodeCommentsQuery(projectId, nodeId ?? ""), enabled: nodeId !== null });
	const ofPlan = useInfiniteQuery({ ...planCommentsQuery(projectId, planId), enabled: nodeId === null });
	const comments = nodeId === null ? ofPlan : ofNode;
	const threads = comments.data?.pages.flatMap((page) => page.items) ?? [];
	return (
		<div className="activity-column">
			{mayWrite && (
				<CommentComposer
					projectId={projectId}
					planId={planId}
					draftKey={`comment:${nodeId ?? planId}`}
					label="Your comment"
					placeholder={nodeId === null ? "Say something about the plan as a whole" : "Say something about this"}
					submitLabel="Comment"
					send={async (text, key) => {
						await createComment(place, { text, parent_id: null }, key);
						await Promise.all(commentsKeys(projectId).map((queryKey) => client.invalidateQueries({ queryKey })));
					}}
				/>
			)}
			{comments.isPending && <LoadingRows rows={2} />}
			{comments.isError && comments.data === undefined && <LoadError error={comments.error} retry={() => void comments.refetch()} />}
			{comments.data !== undefined && threads.length === 0 && <p className="small dim activity-empty">Nobody has commented yet.</p>}
			{threads.length > 0 && (
				<ol className="thread-list">
					{threads.map((thread) => (
						<li key={thread.id}>
							<ThreadView thread={thread} mayWrite={mayWrite} />
						</li>
					))}
				</ol>
			)}
			<LoadMore query={comments} label="Show older comments" />
		</div>
	);
};
