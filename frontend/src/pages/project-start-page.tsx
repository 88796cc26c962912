import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Navigate, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { NoPlans } from "../components/no-plans.tsx";
import { LoadError, LoadingRows } from "../components/states.tsx";
import { CreatePlanModal } from "../features/shell/create-plan-modal.tsx";
import { plansQuery } from "../queries/plans.ts";

const route = getRouteApi("/signed-in/projects/$projectId/");

/** Opens the newest plan that is under way, else the newest, or offers to make the first. */
export const ProjectStartPage = () => {
	const { projectId } = route.useParams();
	const navigate = useNavigate();
	const plans = useQuery(plansQuery(projectId));
	const [creating, setCreating] = useState(false);

	if (plans.isPending) {
		return (
			<div className="page-body">
				<LoadingRows />
			</div>
		);
	}
	if (plans.isError) {
		return (
			<div className="page-body">
				<LoadError error={plans.error} retry={() => void plans.refetch()} />
			</div>
		);
	}
	const { items } = plans.data;
	const newest = items.find(({ status }) => status === "active") ?? items[0];
	if (newest !== undefined) return <Navigate to="/projects/$projectId/plans/$planId" params={{ projectId, planId: newest.id }} replace />;
	return (
		<div className="page-body">
			<NoPlans projectId={projectId} onCreate={() => setCreating(true)} />
			<CreatePlanModal
				projectId={projectId}
				opened={creating}
				onClose={() => setCreating(false)}
				onCreated={(planId) => void navigate({ to: "/projects/$projectId/plans/$planId", params: { projectId, planId } })}
			/>
		</div>
	);
};
