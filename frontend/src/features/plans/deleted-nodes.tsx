import type { DeletedNode, Plan } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { IconArrowBackUp, IconTrash } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { LoadMore } from "../../components/load-more.tsx";
import { Moment } from "../../components/moment.tsx";
import { Section } from "../../components/section.tsx";
import { EmptyState, LoadError, LoadingRows } from "../../components/states.tsx";
import { describeError } from "../../lib/problems.ts";
import { deletedNodesQuery, planTreeQuery, restoreNode } from "../../queries/plans.ts";
import { useMayInPlan } from "../../queries/rights.ts";
import { formatDay } from "../../time/format.ts";
import { nodeKindLooks } from "./node-kinds.ts";
import "./deleted-nodes.css";

/** What was deleted from a plan, until it is removed for good. */
export const DeletedNodes = ({ plan }: { plan: Plan }) => {
	const deleted = useInfiniteQuery(deletedNodesQuery(plan.project_id, plan.id));
	const mayWrite = useMayInPlan(plan.project_id, plan.id)("plans:write");
	const [restored, setRestored] = useState<DeletedNode | null>(null);
	const items = deleted.data?.pages.flatMap((page) => page.items) ?? [];
	return (
		<div className="deleted-nodes">
			<Section
				id="deleted-nodes-heading"
				title="Deleted"
				about="What was deleted from this plan is kept for 30 days. Restored, it stands where it stood, with what was deleted along with it."
			>
				<p role="status" className="small deleted-restored">
					{restored !== null && (
						<>
							Restored{" "}
							<Link to="." search={{ node: restored.id }} className="text-link">
								{restored.title}
							</Link>
							.
						</>
					)}
				</p>
				{deleted.isPending && <LoadingRows rows={4} />}
				{deleted.isError && deleted.data === undefined && <LoadError error={deleted.error} retry={() => void deleted.refetch()} />}
				{deleted.data !== undefined && items.length === 0 && (
					<EmptyState icon={IconTrash} title="Nothing is deleted">
						Phases, tasks and milestones that somebody deletes are kept here for 30 days.
					</EmptyState>
				)}
				{items.length > 0 && (
					<ul className="rows card" aria-labelledby="deleted-nodes-heading">
						{items.map((node) => (
							<DeletedRow key={node.id} plan={plan} node={node} mayWrite={mayWrite} onRestored={() => setRestored(node)} />
						))}
					</ul>
				)}
				<LoadMore query={deleted} label="Load more" />
			</Section>
		</div>
	);
};

type RowProps = { plan: Plan; node: DeletedNode; mayWrite: boolean; onRestored: () => void };

const DeletedRow = ({ plan, node, mayWrite, onRestored }: RowProps) => {
	const client = useQueryClient();
	const restore = useMutation({
		mutationFn: () => restoreNode(plan.project_id, node.id),
		onSuccess: onRestored,
		onSettled: () =>
			Promise.all(
				[planTreeQuery(plan.project_id, plan.id), deletedNodesQuery(plan.project_id, plan.id)].map(({ queryKey }) =>
					client.invalidateQueries({ queryKey }),
				),
			),
	});
	const kind = nodeKindLooks[node.kind];
	return (
		<li>
			<kind.icon size={16} aria-label={kind.label} className="deleted-kind" />
			<span className="row-text">
				<span className="row-head">
					<strong>{node.title}</strong> {node.nodes > 1 && <span className="dim">with {node.nodes - 1} below</span>}
				</span>
				<span className="tiny dim">
					Deleted <Moment at={node.deleted_at} />, gone for good on {formatDay(node.kept_until)}
				</span>
				{restore.error !== null && (
					<span className="tiny deleted-problem" role="alert">
						Not restored: {describeError(restore.error).detail}
					</span>
				)}
			</span>
			{mayWrite && (
				<Button
					variant="default"
					leftSection={<IconArrowBackUp size={14} />}
					aria-label={`Restore ${node.title}`}
					loading={restore.isPending}
					onClick={() => restore.mutate()}
				>
					Restore
				</Button>
			)}
		</li>
	);
};
