import { IconArrowLeft, IconListTree } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { RequestView } from "../features/requests/request-view.tsx";
import { nodeQuery } from "../queries/plans.ts";
import { requestQuery } from "../queries/requests.ts";
import "./request-page.css";

const route = getRouteApi("/signed-in/projects/$projectId/requests/$requestId");

export const RequestPage = () => {
	const { projectId, requestId } = route.useParams();
	const request = useQuery(requestQuery(projectId, requestId)).data?.request;
	return (
		<div className="page">
			<header className="page-bar">
				<Link to="/projects/$projectId/requests" params={{ projectId }} className="back-link" aria-label="All requests">
					<IconArrowLeft size={16} aria-hidden />
				</Link>
				<title>Request · AgentPlanner</title>
				<h1 className="page-title">Request</h1>
				{request !== undefined && <TaskLink projectId={projectId} planId={request.plan_id} nodeId={request.node_id} />}
			</header>
			<div className="page-body">
				<div className="column">
					<RequestView key={requestId} projectId={projectId} requestId={requestId} />
				</div>
			</div>
		</div>
	);
};

const TaskLink = ({ projectId, planId, nodeId }: { projectId: string; planId: string; nodeId: string }) => {
	const node = useQuery(nodeQuery(projectId, nodeId));
	return (
		<Link
			to="/projects/$projectId/plans/$planId"
			params={{ projectId, planId }}
			search={{ node: nodeId }}
			className="task-link small truncate"
		>
			<IconListTree size={15} aria-hidden />
			<span className="truncate">{node.data?.title ?? "Open the task"}</span>
		</Link>
	);
};
