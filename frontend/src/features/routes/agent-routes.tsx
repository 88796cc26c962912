import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ErrorNotice } from "../../components/notice.tsx";
import { LoadingRows } from "../../components/states.tsx";
import { agentRoutesQuery, setAgentRoutes } from "../../queries/agents.ts";
import { RouteEditor } from "./route-editor.tsx";

export const AgentRoutes = ({ projectId, agentId }: { projectId: string; agentId: string }) => {
	const client = useQueryClient();
	const query = agentRoutesQuery(projectId, agentId);
	const routes = useQuery(query);
	if (routes.isPending) return <LoadingRows rows={2} />;
	if (routes.data === undefined) return <ErrorNotice error={routes.error} />;
	return (
		<RouteEditor
			projectId={projectId}
			routes={routes.data.items}
			save={async (input) => client.setQueryData(query.queryKey, await setAgentRoutes(projectId, agentId, input))}
			empty="No routes: this agent can't be reached yet."
		/>
	);
};
