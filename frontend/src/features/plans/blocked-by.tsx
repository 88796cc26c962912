import type { PlanNode } from "@agentplanner/contracts";
import { IconGavel } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { isUndecided, nodeDecisionsQuery } from "../../queries/decisions.ts";

/** Which decisions hold a blocked node up; nothing where none does. */
export const BlockedBy = ({ node }: { node: PlanNode }) => {
	const isHeld = node.blocked_by === "decision";
	const decisions = useQuery({ ...nodeDecisionsQuery(node.project_id, node.id), enabled: isHeld }).data?.items ?? [];
	const blocking = decisions.filter((decision) => isUndecided(decision) && decision.urgency === "blocking");
	if (!isHeld || blocking.length === 0) return null;
	return (
		<ul className="blocked-by small" aria-label="Blocked by">
			{blocking.map(({ id, question }) => (
				<li key={id}>
					<IconGavel size={14} aria-hidden />
					<span>
						Blocked until this is decided:{" "}
						<Link to="." search={(search) => ({ ...search, decision: id })}>
							{question}
						</Link>
					</span>
				</li>
			))}
		</ul>
	);
};
