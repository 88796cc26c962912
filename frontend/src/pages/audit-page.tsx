import { roleMay } from "@agentplanner/contracts";
import { IconLock } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { EmptyState } from "../components/states.tsx";
import { AuditList } from "../features/audit/audit-list.tsx";
import { useRole } from "../queries/rights.ts";

const route = getRouteApi("/signed-in/projects/$projectId/settings/audit");

export const AuditPage = () => {
	const { projectId } = route.useParams();
	const role = useRole(projectId);
	if (role === null) return null;
	if (!roleMay(role, "audit:read")) {
		return (
			<EmptyState icon={IconLock} title="The audit log is for admins and owners">
				Your role in this project is {role}. An owner can give you another one.
			</EmptyState>
		);
	}
	return <AuditList projectId={projectId} />;
};
