import { type Action, type Role, roleMay } from "@agentplanner/contracts";
import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "./session.ts";

/** My role in the project; null while the session is read, and for a stranger. */
export const useRole = (projectId: string): Role | null =>
	useQuery(sessionQuery()).data?.projects.find((project) => project.id === projectId)?.role ?? null;

/** Tells what I may do there, by the table that the server refuses by. */
export const useMay = (projectId: string): ((action: Action) => boolean) => {
	const role = useRole(projectId);
	return (action) => role !== null && roleMay(role, action);
};
