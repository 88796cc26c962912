import type { Claim, PlanNode } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { IconHandGrab } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ConfirmModal } from "../../components/confirm-modal.tsx";
import { breakClaim, claimsKey, planClaimsQuery } from "../../queries/claims.ts";
import { planTreeQuery } from "../../queries/plans.ts";
import { useMayInPlan } from "../../queries/rights.ts";
import { formatMoment, formatTime } from "../../time/format.ts";
import { useNow } from "../../time/use-now.ts";
import { NodeAssignees } from "./node-assignees.tsx";
import "./node-work.css";

/** Who is meant to do a node, and who is at it now. */
export const NodeWork = ({ node }: { node: PlanNode }) => {
	const { data } = useQuery(planClaimsQuery(node.project_id, node.plan_id));
	const claim = data?.items.find((one) => one.node.id === node.id);
	return (
		<section aria-labelledby="node-work-heading" className="node-work">
			<h2 className="section-title" id="node-work-heading">
				Who works on it
			</h2>
			{claim !== undefined && <ClaimBadge claim={claim} />}
			<NodeAssignees node={node} />
		</section>
	);
};

const ClaimBadge = ({ claim }: { claim: Claim }) => {
	const client = useQueryClient();
	const now = useNow();
	const may = useMayInPlan(claim.project_id, claim.plan_id);
	const [asking, setAsking] = useState(false);
	if (Date.parse(claim.lease_until) <= now) return null;
	const { name } = claim.holder;
	return (
		<div className="claim-badge">
			<IconHandGrab size={15} aria-hidden />
			<span className="wrap">
				<strong>{name}</strong> until{" "}
				<time dateTime={claim.lease_until} title={formatMoment(claim.lease_until)} className="num">
					{formatTime(claim.lease_until)}
				</time>
			</span>
			{may("claims:break") && (
				<Button variant="default" size="compact-xs" ml="auto" onClick={() => setAsking(true)}>
					Break claim
				</Button>
			)}
			<ConfirmModal
				opened={asking}
				onClose={() => setAsking(false)}
				title={`Take this away from ${name}?`}
				confirmLabel="Break claim"
				keepLabel="Leave it"
				act={async () => {
					await breakClaim(claim);
					await Promise.all([
						client.invalidateQueries({ queryKey: claimsKey(claim.project_id) }),
						client.invalidateQueries({ queryKey: planTreeQuery(claim.project_id, claim.plan_id).queryKey }),
					]);
				}}
			>
				{name} is told so at its next word about this task, and whatever it writes is refused. The task goes back to where it was, and
				anybody can take it.
			</ConfirmModal>
		</div>
	);
};
