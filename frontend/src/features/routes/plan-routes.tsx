import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ErrorNotice } from "../../components/notice.tsx";
import { LoadingRows } from "../../components/states.tsx";
import { planRoutesQuery, setPlanRoutes } from "../../queries/agents.ts";
import { RouteEditor } from "./route-editor.tsx";

export const PlanRoutes = ({ projectId, planId }: { projectId: string; planId: string }) => {
	const client = useQueryClient();
	const query = planRoutesQuery(projectId, planId);
	const routes = useQuery(query);
	if (routes.isPending) return <LoadingRows rows={2} />;
	if (routes.data === undefined) return <ErrorNotice error={routes.error} />;
	return (
		<RouteEditor
			projectId={projectId}
			routes={routes.data.items}
			save={async (input) => client.setQueryData(query.queryKey, await setPlanRoutes(projectId, planId, input))}
			empty="No routes of its own: questions without a named agent go to the project's default routes."
		/>
	);
};
