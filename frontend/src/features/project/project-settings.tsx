import { useQuery } from "@tanstack/react-query";
import { Section } from "../../components/section.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { projectQuery } from "../../queries/projects.ts";
import { useMay } from "../../queries/rights.ts";
import { ProjectForm } from "./project-form.tsx";

export const ProjectSettings = ({ projectId }: { projectId: string }) => {
	const project = useQuery(projectQuery(projectId));
	const mayEdit = useMay(projectId)("project:write");
	return (
		<Section
			id="project-heading"
			title="Project"
			about={mayEdit ? "Its name, and how far its integrations may reach." : "Owners and admins change it."}
		>
			{project.isPending && <LoadingRows rows={3} />}
			{project.isError && project.data === undefined && <LoadError error={project.error} retry={() => void project.refetch()} />}
			{project.data !== undefined &&
				(mayEdit ? <ProjectForm key={project.data.id} project={project.data} /> : <p className="small">Name: {project.data.name}</p>)}
		</Section>
	);
};
