import { IconArrowLeft } from "@tabler/icons-react";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Notice } from "../components/notice.tsx";
import { ImportPlan } from "../features/documents/import-plan.tsx";
import { useMay } from "../queries/rights.ts";

const route = getRouteApi("/signed-in/projects/$projectId/plans/import");

export const ImportPage = () => {
	const { projectId } = route.useParams();
	const navigate = useNavigate();
	const mayWrite = useMay(projectId)("plans:write");
	return (
		<div className="page">
			<header className="page-bar">
				<Link to="/projects/$projectId/plans" params={{ projectId }} className="back-link" aria-label="All plans">
					<IconArrowLeft size={16} aria-hidden />
				</Link>
				<title>Import a plan · AgentPlanner</title>
				<h1 className="page-title">Import a plan</h1>
			</header>
			{mayWrite ? (
				<ImportPlan
					projectId={projectId}
					onImported={(planId) => void navigate({ to: "/projects/$projectId/plans/$planId", params: { projectId, planId } })}
				/>
			) : (
				<div className="page-body">
					<Notice tone="gray" title="You can't make plans here">
						Importing takes an editor of this project. Ask one of its admins.
					</Notice>
				</div>
			)}
		</div>
	);
};
