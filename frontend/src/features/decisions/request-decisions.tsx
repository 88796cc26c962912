import { useQuery } from "@tanstack/react-query";
import { LoadError } from "../../components/states.tsx";
import { requestDecisionsQuery } from "../../queries/decisions.ts";
import { DecisionCard } from "./decision-card.tsx";

/** What people are asked to decide within a request, oldest first; nothing where there is nothing. */
export const RequestDecisions = ({ projectId, requestId }: { projectId: string; requestId: string }) => {
	const decisions = useQuery(requestDecisionsQuery(projectId, requestId));
	if (decisions.isError) return <LoadError error={decisions.error} retry={() => void decisions.refetch()} />;
	const items = decisions.data?.items ?? [];
	if (items.length === 0) return null;
	return (
		<section aria-labelledby="request-decisions-heading">
			<h2 className="section-title" id="request-decisions-heading">
				Decisions
			</h2>
			<ul className="decision-list">
				{items.toReversed().map((decision) => (
					<DecisionCard key={decision.id} decision={decision} sought={false} />
				))}
			</ul>
		</section>
	);
};
