import { roleMay } from "@agentplanner/contracts";
import { IconLock } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { EmptyState } from "../components/states.tsx";
import { ProjectHealthView } from "../features/project/project-health.tsx";
import { useRole } from "../queries/rights.ts";

const route = getRouteApi("/signed-in/projects/$projectId/settings/health");

export const HealthPage = () => {
	const { projectId } = route.useParams();
	const role = useRole(projectId);
	if (role === null) return null;
	if (!roleMay(role, "audit:read")) {
		return (
			<EmptyState icon={IconLock} title="Health is for admins and owners">
				Your role in this project is {role}. An owner can give you another one.
			</EmptyState>
		);
	}
	return <ProjectHealthView projectId={projectId} />;
};
