import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Outlet } from "@tanstack/react-router";
import { useEffect } from "react";
import { Shell } from "../features/shell/shell.tsx";
import { LiveProvider } from "../live/live-provider.tsx";
import { rememberActiveProject, selectProject } from "../queries/projects.ts";
import { sessionQuery } from "../queries/session.ts";

const route = getRouteApi("/signed-in/projects/$projectId");

export const ProjectLayout = () => {
	const { projectId } = route.useParams();
	const session = useQuery(sessionQuery());
	const client = useQueryClient();
	const activeId = session.data?.active_project_id;

	useEffect(() => {
		// Only a convenience for the next sign-in: if it fails, nothing is lost.
		if (activeId === undefined || activeId === projectId) return;
		selectProject(projectId).then(
			() => rememberActiveProject(client, projectId),
			() => undefined,
		);
	}, [client, activeId, projectId]);

	return (
		<LiveProvider projectId={projectId}>
			<Shell projectId={projectId}>
				<Outlet />
			</Shell>
		</LiveProvider>
	);
};
