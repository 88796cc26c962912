import { getRouteApi } from "@tanstack/react-router";
import { AuditList } from "../features/audit/audit-list.tsx";

const route = getRouteApi("/signed-in/projects/$projectId/settings/audit");

export const AuditPage = () => {
	const { projectId } = route.useParams();
	return <AuditList projectId={projectId} />;
};
