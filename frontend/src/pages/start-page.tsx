import { useQuery } from "@tanstack/react-query";
import { Navigate, useNavigate } from "@tanstack/react-router";
import { LoadError, LoadingRows } from "../components/states.tsx";
import { CreateProjectForm } from "../features/shell/create-project-form.tsx";
import { sessionQuery } from "../queries/session.ts";

/** Opens the project that the session works in; without any, the first one is made here. */
export const StartPage = () => {
	const session = useQuery(sessionQuery());
	const navigate = useNavigate();
	if (session.isPending) return <LoadingRows />;
	if (session.isError) return <LoadError error={session.error} retry={() => void session.refetch()} />;
	const { projects, active_project_id } = session.data;
	const active = projects.find((project) => project.id === active_project_id) ?? projects[0];
	if (active !== undefined) return <Navigate to="/projects/$projectId" params={{ projectId: active.id }} replace />;
	return (
		<main className="page-body">
			<div className="column" style={{ maxWidth: "24rem", marginTop: "12vh" }}>
				<h1 className="page-title">Name your first project</h1>
				<p className="dim small">A project holds plans, agents and channels, and the people who share them.</p>
				<CreateProjectForm onCreated={(project) => void navigate({ to: "/projects/$projectId", params: { projectId: project.id } })} />
			</div>
		</main>
	);
};
