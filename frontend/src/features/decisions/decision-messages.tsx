import type { Decision } from "@agentplanner/contracts";
import { useQuery } from "@tanstack/react-query";
import { Notice } from "../../components/notice.tsx";
import { deliveryStatusLooks, StatusBadge } from "../../components/status.tsx";
import { decisionQuery } from "../../queries/decisions.ts";

/** Where people were told of a pending decision, and what stands in the way. */
export const DecisionMessages = ({ decision }: { decision: Decision }) => {
	const detail = useQuery(decisionQuery(decision.project_id, decision.id));
	const messages = (detail.data?.deliveries ?? []).filter(({ kind }) => kind === "decision");
	if (messages.length === 0) return null;
	return (
		<ul className="decision-messages" aria-label="Who was told">
			{messages.map(({ id, integration_name, address, status, reason }) => (
				<li key={id}>
					<span className="tiny dim wrap">
						Told {integration_name}
						{address !== "" && ` · ${address}`}
					</span>
					<StatusBadge look={deliveryStatusLooks[status]} />
					{reason !== null && (
						<Notice tone={status === "dead" ? "red" : "amber"} title={reason.message}>
							{reason.remedy}
						</Notice>
					)}
				</li>
			))}
		</ul>
	);
};
