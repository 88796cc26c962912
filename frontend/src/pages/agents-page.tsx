import { getRouteApi } from "@tanstack/react-router";
import { AgentList } from "../features/agents/agent-list.tsx";
import { CreateAgentModal } from "../features/agents/create-agent-modal.tsx";
import { OwnerRoutes } from "../features/routes/owner-routes.tsx";

const route = getRouteApi("/signed-in/projects/$projectId/agents");

export const AgentsPage = () => {
	const { projectId } = route.useParams();
	const { agent, create } = route.useSearch();
	const navigate = route.useNavigate();
	return (
		<div className="page">
			<AgentList
				projectId={projectId}
				openId={agent}
				onOpen={(id) => void navigate({ search: id === undefined ? {} : { agent: id }, replace: true })}
				onCreate={() => void navigate({ search: { create: true } })}
				renderRoutes={(agentId) => <OwnerRoutes projectId={projectId} owner={{ kind: "agent", agentId }} />}
			/>
			<CreateAgentModal
				projectId={projectId}
				opened={create === true}
				onClose={() => void navigate({ search: {}, replace: true })}
				onCreated={(created) => void navigate({ search: { agent: created.id }, replace: true })}
			/>
		</div>
	);
};
