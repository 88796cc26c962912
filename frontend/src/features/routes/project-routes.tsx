import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ErrorNotice } from "../../components/notice.tsx";
import { LoadingRows } from "../../components/states.tsx";
import { projectRoutesQuery, setProjectRoutes } from "../../queries/agents.ts";
import { RouteEditor } from "./route-editor.tsx";

export const ProjectRoutes = ({ projectId }: { projectId: string }) => {
	const client = useQueryClient();
	const query = projectRoutesQuery(projectId);
	const routes = useQuery(query);
	if (routes.isPending) return <LoadingRows rows={2} />;
	if (routes.data === undefined) return <ErrorNotice error={routes.error} />;
	return (
		<RouteEditor
			projectId={projectId}
			routes={routes.data.items}
			save={async (input) => client.setQueryData(query.queryKey, await setProjectRoutes(projectId, input))}
			empty="None: a question without a named agent has nowhere to go."
		/>
	);
};
