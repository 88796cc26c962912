import { getRouteApi } from "@tanstack/react-router";
import { IntegrationList } from "../features/integrations/integration-list.tsx";
import { SetupWizard } from "../features/integrations/setup-wizard.tsx";
import { OwnerRoutes } from "../features/routes/owner-routes.tsx";

const route = getRouteApi("/signed-in/projects/$projectId/integrations");

export const IntegrationsPage = () => {
	const { projectId } = route.useParams();
	const { integration, create } = route.useSearch();
	const navigate = route.useNavigate();
	return (
		<div className="page">
			<IntegrationList
				projectId={projectId}
				openId={integration}
				onOpen={(id) => void navigate({ search: id === undefined ? {} : { integration: id }, replace: true })}
				onCreate={() => void navigate({ search: { create: true } })}
			>
				<OwnerRoutes projectId={projectId} owner={{ kind: "project" }} />
			</IntegrationList>
			<SetupWizard
				projectId={projectId}
				opened={create === true}
				onClose={() => void navigate({ search: {}, replace: true })}
				onCreated={(id) => void navigate({ search: { integration: id }, replace: true })}
			/>
		</div>
	);
};
