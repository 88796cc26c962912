import type { PublicNode } from "@agentplanner/contracts";
import { IconFlag } from "@tabler/icons-react";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { nodeStatusLooks, StatusIcon } from "../../components/status.tsx";

type Below = ReadonlyMap<string | null, PublicNode[]>;

/** The nodes below each other, as lists in lists. */
export const PublicTree = ({ label, nodes }: { label: string; nodes: PublicNode[] }) => (
	<div className="public-tree card">
		<NodeList label={label} below={Map.groupBy(nodes, (node) => node.parent_id)} parentId={null} />
	</div>
);

const NodeList = ({ below, parentId, label }: { below: Below; parentId: string | null; label: string }) => {
	const nodes = below.get(parentId);
	if (nodes === undefined) return null;
	return (
		<ul aria-label={label}>
			{nodes.map((node) => (
				<li key={node.id}>
					<NodeRow node={node} />
					<NodeList below={below} parentId={node.id} label={node.title} />
				</li>
			))}
		</ul>
	);
};

const NodeRow = ({ node: { kind, title, status, progress } }: { node: PublicNode }) => {
	const look = nodeStatusLooks[status];
	return (
		<div className="public-node" data-kind={kind} data-closed={status === "completed" || status === "cancelled"}>
			<span className={`tone-icon tone-${look.tone}`} title={look.label}>
				<StatusIcon look={look} />
				<span className="visually-hidden">{look.label}:</span>
			</span>
			<span className="public-node-title wrap">{title}</span>
			{kind === "milestone" && <IconFlag size={14} aria-label="Milestone" className="dim" />}
			{progress !== null && <ProgressBar progress={progress} />}
		</div>
	);
};
