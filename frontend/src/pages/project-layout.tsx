import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Outlet } from "@tanstack/react-router";
import { useEffect } from "react";
import { Shell } from "../features/shell/shell.tsx";
import { LiveProvider } from "../live/live-provider.tsx";
import { selectProject } from "../queries/projects.ts";
import { sessionQuery } from "../queries/session.ts";

const route = getRouteApi("/signed-in/projects/$projectId");

export const ProjectLayout = () => {
	const { projectId } = route.useParams();
	const session = useQuery(sessionQuery());
	const activeId = session.data?.active_project_id;

	useEffect(() => {
		// Only a convenience for the next sign-in: if it fails, nothing is lost.
		if (activeId !== undefined && activeId !== projectId) void selectProject(projectId).catch(() => undefined);
	}, [activeId, projectId]);

	return (
		<LiveProvider projectId={projectId}>
			<Shell projectId={projectId}>
				<Outlet />
			</Shell>
		</LiveProvider>
	);
};
