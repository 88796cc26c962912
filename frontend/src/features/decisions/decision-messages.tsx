import type { Decision } from "@agentplanner/contracts";
import { useQuery } from "@tanstack/react-query";
import { Notice } from "../../components/notice.tsx";
import { deliveryStatusLooks, StatusBadge } from "../../components/status.tsx";
import { decisionQuery } from "../../queries/decisions.ts";

/** Where people were told of a pending decision, and what stands in the way. */
export const DecisionMessages = ({ decision, isPrivate }: { decision: Decision; isPrivate: boolean }) => {
	const detail = useQuery(decisionQuery(decision.project_id, decision.id));
	if (detail.data === undefined) return null;
	const messages = detail.data.deliveries.filter(({ kind }) => kind === "decision");
	if (messages.length === 0)
		return (
			<p className="tiny dim wrap">
				{isPrivate
					? "Nobody was told elsewhere: what is in a private plan goes by its own routes alone, and it had none."
					: "Nobody was told elsewhere: neither the plan nor the project had a route."}
			</p>
		);
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
