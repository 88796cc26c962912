import { getRouteApi } from "@tanstack/react-router";
import { TimelineList } from "../features/activity/timeline-list.tsx";

const route = getRouteApi("/signed-in/projects/$projectId/timeline");

export const TimelinePage = () => {
	const { projectId } = route.useParams();
	return (
		<div className="page">
			<header className="page-bar">
				<title>Timeline · AgentPlanner</title>
				<h1 className="page-title">Timeline</h1>
			</header>
			<div className="page-body">
				<div className="column">
					<TimelineList place={{ projectId }} />
				</div>
			</div>
		</div>
	);
};
