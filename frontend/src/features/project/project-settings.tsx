import { useQuery } from "@tanstack/react-query";
import { Section } from "../../components/section.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { projectQuery } from "../../queries/projects.ts";
import { useMay } from "../../queries/rights.ts";
import { LadderForm } from "./ladder-form.tsx";
import { ProjectForm } from "./project-form.tsx";

export const ProjectSettings = ({ projectId }: { projectId: string }) => {
	const project = useQuery(projectQuery(projectId));
	const mayEdit = useMay(projectId)("project:write");
	return (
		<>
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
			{project.data !== undefined && mayEdit && (
				<Section
					id="ladder-settings-heading"
					title="While nobody answers"
					about="What happens to a request, step by step, until somebody answers. It counts for requests that are asked from now on; an agent may have steps of its own."
				>
					<LadderForm key={project.data.id} project={project.data} />
				</Section>
			)}
		</>
	);
};
