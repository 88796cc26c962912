import { getRouteApi, useRouterState } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { DeletedPlans } from "../features/plan-list/deleted-plans.tsx";
import { DeletedToast } from "../features/plan-list/deleted-toast.tsx";
import { PlanList } from "../features/plan-list/plan-list.tsx";
import { PlanMenu } from "../features/plan-list/plan-menu.tsx";
import { ShareModal } from "../features/sharing/share-modal.tsx";
import { CreatePlanModal } from "../features/shell/create-plan-modal.tsx";

declare module "@tanstack/react-router" {
	interface HistoryState {
		/** What was deleted on the way here, for as long as it can be undone at once. */
		deletedPlan?: { id: string; title: string } | undefined;
	}
}

const route = getRouteApi("/signed-in/projects/$projectId/plans");

export const PlansPage = () => {
	const { projectId } = route.useParams();
	const { status, deleted } = route.useSearch();
	const navigate = route.useNavigate();
	const deletedPlan = useRouterState({ select: ({ location }) => location.state.deletedPlan });
	const [creating, setCreating] = useState(false);
	const [shared, setShared] = useState<string | null>(null);
	const [restoredId, setRestoredId] = useState<string | null>(null);
	const open = (planId: string) => void navigate({ to: "/projects/$projectId/plans/$planId", params: { projectId, planId } });
	const forget = useCallback(() => void navigate({ search: true, state: {}, replace: true }), [navigate]);
	return (
		<div className="page">
			{deleted === true ? (
				<DeletedPlans projectId={projectId} />
			) : (
				<PlanList
					projectId={projectId}
					status={status}
					onStatus={(next) => void navigate({ search: next === undefined ? {} : { status: next } })}
					onCreate={() => setCreating(true)}
					restoredId={restoredId}
					renderMenu={(plan) => (
						<PlanMenu
							plan={plan}
							onShare={() => setShared(plan.id)}
							onDuplicated={(copy) => open(copy.id)}
							onDeleted={() => void navigate({ search: true, state: { deletedPlan: { id: plan.id, title: plan.title } }, replace: true })}
						/>
					)}
				/>
			)}
			{deletedPlan !== undefined && (
				<DeletedToast key={deletedPlan.id} projectId={projectId} plan={deletedPlan} onClose={forget} onRestored={setRestoredId} />
			)}
			<ShareModal projectId={projectId} planId={shared} onClose={() => setShared(null)} />
			<CreatePlanModal projectId={projectId} opened={creating} onClose={() => setCreating(false)} onCreated={open} />
		</div>
	);
};
