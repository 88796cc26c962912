import { IconArrowLeft, IconListTree } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { RequestDecisions } from "../features/decisions/request-decisions.tsx";
import { firstLine } from "../features/requests/request-look.ts";
import { RequestView } from "../features/requests/request-view.tsx";
import { requestQuery } from "../queries/requests.ts";
import "./request-page.css";

const route = getRouteApi("/signed-in/projects/$projectId/requests/$requestId");

export const RequestPage = () => {
	const { projectId, requestId } = route.useParams();
	const request = useQuery(requestQuery(projectId, requestId)).data?.request;
	const question = request === undefined ? "" : firstLine(request.question);
	return (
		<div className="page">
			<header className="page-bar">
				<Link to="/projects/$projectId/requests" params={{ projectId }} className="back-link" aria-label="All requests">
					<IconArrowLeft size={16} aria-hidden />
				</Link>
				<title>{request === undefined ? "Request · AgentPlanner" : `${request.node.title}: ${question} · AgentPlanner`}</title>
				<h1 className="page-title request-title">
					{request === undefined ? (
						"Request"
					) : (
						<>
							<span className="truncate">{request.node.title}</span> <span className="truncate dim request-title-question">{question}</span>
						</>
					)}
				</h1>
				{request !== undefined && (
					<Link
						to="/projects/$projectId/plans/$planId"
						params={{ projectId, planId: request.plan.id }}
						search={{ node: request.node.id }}
						className="task-link small"
					>
						<IconListTree size={15} aria-hidden />
						<span className="task-link-text">Open the task</span>
					</Link>
				)}
			</header>
			<div className="page-body">
				<div className="column">
					<RequestView key={requestId} projectId={projectId} requestId={requestId}>
						<RequestDecisions projectId={projectId} requestId={requestId} />
					</RequestView>
				</div>
			</div>
		</div>
	);
};
