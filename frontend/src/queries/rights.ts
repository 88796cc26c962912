import { type Action, type Plan, type Role, roleMay, statusAllows } from "@agentplanner/contracts";
import { useQuery } from "@tanstack/react-query";
import { plansQuery, planTreeQuery } from "./plans.ts";
import { sessionQuery } from "./session.ts";

/** My role in the project; null while the session is read, and for a stranger. */
export const useRole = (projectId: string): Role | null =>
	useQuery(sessionQuery()).data?.projects.find((project) => project.id === projectId)?.role ?? null;

/** Tells what I may do there, by the table that the server refuses by. */
export const useMay = (projectId: string): ((action: Action) => boolean) => {
	const role = useRole(projectId);
	return (action) => role !== null && roleMay(role, action);
};

type PlanRights = { plan: Plan | null; may: (action: Action) => boolean };

/** A plan as it is now; null while it is read, and where there is none. */
export const usePlan = (projectId: string, planId: string | undefined): Plan | null => {
	const listed = useQuery({ ...plansQuery(projectId), select: ({ items }) => items.find(({ id }) => id === planId) ?? null });
	// The list that every page shows ends with the newest plans; its own page has read the tree of an older one anyway.
	const tree = useQuery({
		...planTreeQuery(projectId, planId ?? ""),
		enabled: planId !== undefined && listed.data === null,
		select: (read) => read.plan,
	});
	return listed.data ?? tree.data ?? null;
};

/** The same in a plan, where a role of its own may count, and an archive stops what is new. Without `planId`: nothing yet. */
export const usePlanRights = (projectId: string, planId: string | undefined): PlanRights => {
	const plan = usePlan(projectId, planId);
	return { plan, may: (action) => plan !== null && roleMay(plan.role, action) && statusAllows(plan.status, action) };
};

export const useMayInPlan = (projectId: string, planId: string | undefined): PlanRights["may"] => usePlanRights(projectId, planId).may;
