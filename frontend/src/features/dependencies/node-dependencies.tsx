import type { NodeDependency, NodeReadiness, NodeRelation, PlanNode } from "@agentplanner/contracts";
import { ActionIcon, Button } from "@mantine/core";
import { IconLink, IconLock, IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ErrorNotice } from "../../components/notice.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { nodeStatusLooks, StatusIcon } from "../../components/status.tsx";
import { nodeDependenciesQuery, readinessQuery, refreshDependencies, removeDependency } from "../../queries/dependencies.ts";
import { useMayInPlan } from "../../queries/rights.ts";
import { LinkNodeModal } from "./link-node-modal.tsx";
import "./node-dependencies.css";

const headings: Record<NodeRelation, string> = { blocked_by: "Waits for", blocks: "Blocks", relates_to: "Related" };

/** What a node waits for, blocks and relates to; new links and removing them. */
export const NodeDependencies = ({ node }: { node: PlanNode }) => {
	const dependencies = useQuery(nodeDependenciesQuery(node.project_id, node.id));
	const readiness = useQuery(readinessQuery(node.project_id, node.id));
	const mayWrite = useMayInPlan(node.project_id, node.plan_id)("plans:write");
	const [linking, setLinking] = useState(false);
	const items = dependencies.data?.items ?? [];
	return (
		<section aria-labelledby="node-dependencies-heading">
			<div className="node-dependencies-bar">
				<h2 className="section-title" id="node-dependencies-heading">
					Dependencies
				</h2>
				{mayWrite && (
					<Button variant="default" size="compact-xs" leftSection={<IconLink size={13} />} onClick={() => setLinking(true)}>
						Add a dependency
					</Button>
				)}
			</div>
			{dependencies.isPending && <LoadingRows rows={2} />}
			{dependencies.isError && <LoadError error={dependencies.error} retry={() => void dependencies.refetch()} />}
			{readiness.data !== undefined && <Waiting readiness={readiness.data} node={node} />}
			{dependencies.data !== undefined && items.length === 0 && (
				<p className="small dim" style={{ margin: 0 }}>
					Linked to no other node.
				</p>
			)}
			{(["blocked_by", "blocks", "relates_to"] as const).map((relation) => {
				const linked = items.filter((item) => item.relation === relation);
				return linked.length === 0 ? null : (
					<div key={relation} className="dependency-group">
						<h3 className="tiny dim">{headings[relation]}</h3>
						<ul>
							{linked.map((item) => (
								<DependencyRow key={item.id} from={node} dependency={item} mayWrite={mayWrite} />
							))}
						</ul>
					</div>
				);
			})}
			{linking && <LinkNodeModal node={node} onClose={() => setLinking(false)} />}
		</section>
	);
};

const Waiting = ({ node, readiness }: { node: PlanNode; readiness: NodeReadiness }) => {
	if (readiness.ready || node.status === "completed" || node.status === "cancelled") return null;
	const inherited = readiness.waiting_for.filter(({ through }) => through !== null);
	return (
		<div className="dependency-wait small">
			<IconLock size={14} aria-hidden />
			<div>
				Waits until {readiness.waiting_count === 1 ? "one other node is" : `${readiness.waiting_count} other nodes are`} finished.
				{inherited.map(({ node: { id, title }, through }) => (
					<div key={id} className="dim">
						“{title}” holds up “{through?.title}”, which this is part of.
					</div>
				))}
				{readiness.hidden_count > 0 && (
					<div className="dim">
						{readiness.hidden_count === 1 ? "One is" : `${readiness.hidden_count} are`} in plans that you don't see.
					</div>
				)}
			</div>
		</div>
	);
};

const DependencyRow = ({ from, dependency, mayWrite }: { from: PlanNode; dependency: NodeDependency; mayWrite: boolean }) => {
	const client = useQueryClient();
	const { node, relation } = dependency;
	const remove = useMutation({
		mutationFn: () => removeDependency(from.project_id, dependency.id),
		onSettled: () => refreshDependencies(client, from),
	});
	const look = nodeStatusLooks[node.status];
	return (
		<li>
			<div className="dependency-row">
				<span className={`tone-icon tone-${look.tone}`} title={look.label}>
					<StatusIcon look={look} size={15} />
					<span className="visually-hidden">{look.label}:</span>
				</span>
				<Link
					to="/projects/$projectId/plans/$planId"
					params={{ projectId: from.project_id, planId: node.plan_id }}
					search={{ node: node.id }}
					className="dependency-title"
					data-finished={node.finished}
				>
					{node.title}
				</Link>
				{node.plan_id !== from.plan_id && <span className="tiny dim truncate dependency-plan">{node.plan_title}</span>}
				{mayWrite && (
					<ActionIcon
						variant="subtle"
						color="gray"
						size="sm"
						aria-label={`Remove: ${headings[relation].toLowerCase()} ${node.title}`}
						title="Remove this dependency"
						loading={remove.isPending}
						onClick={() => remove.mutate()}
					>
						<IconX size={14} />
					</ActionIcon>
				)}
			</div>
			{remove.error !== null && <ErrorNotice error={remove.error} />}
		</li>
	);
};
