import type { NodeSummary } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { IconGavel } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { nodeDecisionsQuery } from "../../queries/decisions.ts";
import { useMayInPlan } from "../../queries/rights.ts";
import { DecisionCard } from "./decision-card.tsx";
import { RequestDecisionModal } from "./request-decision-modal.tsx";

/** What people are asked to decide about a node: the pending ones first, each in the order they came. */
export const NodeDecisions = ({ node, soughtId }: { node: NodeSummary; soughtId: string | undefined }) => {
	const decisions = useQuery(nodeDecisionsQuery(node.project_id, node.id));
	const mayRequest = useMayInPlan(node.project_id, node.plan_id)("decisions:create");
	const [requesting, setRequesting] = useState(false);
	const items = decisions.data?.items ?? [];
	const pending = items.filter(({ status }) => status === "pending");
	const ended = items.filter(({ status }) => status !== "pending");
	return (
		<section aria-labelledby="node-decisions-heading">
			<div className="node-decisions-bar">
				<h2 className="section-title" id="node-decisions-heading">
					Decisions
				</h2>
				{mayRequest && (
					<Button variant="default" size="compact-xs" leftSection={<IconGavel size={13} />} onClick={() => setRequesting(true)}>
						Request a decision
					</Button>
				)}
			</div>
			{decisions.isPending && <LoadingRows rows={2} />}
			{decisions.isError && <LoadError error={decisions.error} retry={() => void decisions.refetch()} />}
			{decisions.data !== undefined && items.length === 0 && (
				<p className="small dim" style={{ margin: 0 }}>
					Nothing to decide here.
				</p>
			)}
			{items.length > 0 && (
				<ul className="decision-list">
					{[...pending, ...ended].map((decision) => (
						<DecisionCard key={decision.id} decision={decision} sought={decision.id === soughtId} />
					))}
				</ul>
			)}
			<RequestDecisionModal node={node} opened={requesting} onClose={() => setRequesting(false)} />
		</section>
	);
};
