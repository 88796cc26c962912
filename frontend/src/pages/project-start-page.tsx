import { Button, Group } from "@mantine/core";
import { IconListTree, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Navigate, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ImportLink } from "../components/import-link.tsx";
import { EmptyState, LoadError, LoadingRows } from "../components/states.tsx";
import { CreatePlanModal } from "../features/shell/create-plan-modal.tsx";
import { plansQuery } from "../queries/plans.ts";
import { useMay } from "../queries/rights.ts";

const route = getRouteApi("/signed-in/projects/$projectId/");

/** Opens the newest plan that is under way, else the newest, or offers to make the first. */
export const ProjectStartPage = () => {
	const { projectId } = route.useParams();
	const navigate = useNavigate();
	const mayWrite = useMay(projectId)("plans:write");
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
			<EmptyState
				icon={IconListTree}
				title="No plans yet"
				action={
					mayWrite && (
						<Group justify="center" gap="xs">
							<ImportLink projectId={projectId} />
							<Button leftSection={<IconPlus size={14} />} onClick={() => setCreating(true)}>
								New plan
							</Button>
						</Group>
					)
				}
			>
				A plan is a tree of phases, tasks and milestones. Press Ask Agent on any of them to get an answer back.
			</EmptyState>
			<CreatePlanModal
				projectId={projectId}
				opened={creating}
				onClose={() => setCreating(false)}
				onCreated={(planId) => void navigate({ to: "/projects/$projectId/plans/$planId", params: { projectId, planId } })}
			/>
		</div>
	);
};
