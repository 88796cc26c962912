import { getRouteApi } from "@tanstack/react-router";
import { DeadLetterView } from "../features/dead-letters/dead-letter-view.tsx";

const route = getRouteApi("/signed-in/projects/$projectId/dead-letters");

export const DeadLettersPage = () => {
	const { projectId } = route.useParams();
	const { integration, reason, discarded } = route.useSearch();
	return (
		<div className="page">
			<DeadLetterView
				projectId={projectId}
				filter={{ ...(integration ? { integration_id: integration } : {}), ...(reason ? { reason } : {}) }}
				state={discarded ? "discarded" : "open"}
			/>
		</div>
	);
};
