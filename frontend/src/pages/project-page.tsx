import { getRouteApi } from "@tanstack/react-router";
import { ProjectSettings } from "../features/project/project-settings.tsx";

const route = getRouteApi("/signed-in/projects/$projectId/settings/project");

export const ProjectPage = () => {
	const { projectId } = route.useParams();
	return <ProjectSettings projectId={projectId} />;
};
