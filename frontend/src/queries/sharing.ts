import type { AddCollaboratorInput, Plan, PlanRole, PlanVisibility } from "@agentplanner/contracts";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

export const collaboratorsQuery = (projectId: string, planId: string) =>
	apiQueries.sharing.listCollaborators.queryOptions({ input: { params: { projectId, planId }, ...nothing } });

export const planInvitationsQuery = (projectId: string, planId: string) =>
	apiQueries.sharing.listPlanInvitations.queryOptions({ input: { params: { projectId, planId }, ...nothing } });

export const publicLinkQuery = (projectId: string, planId: string) =>
	apiQueries.sharing.getPublicLink.queryOptions({ input: { params: { projectId, planId }, ...nothing } });

/** What a public link shows, to whoever has it; read again whenever somebody comes back to it, with or without a socket. */
export const publicPlanQuery = (key: string) =>
	apiQueries.sharing.readPublicPlan.queryOptions({ input: { params: { key }, ...nothing }, staleTime: 0 });

const at = ({ id, project_id }: Pick<Plan, "id" | "project_id">) => ({ projectId: project_id, planId: id });

export const setVisibility = (plan: Plan, visibility: PlanVisibility) =>
	api.sharing.setVisibility({ params: at(plan), query: {}, headers: { "if-match": `"${plan.version}"` }, body: { visibility } });

export const setPlanOwner = (plan: Plan, userId: string) =>
	api.sharing.setPlanOwner({ params: at(plan), query: {}, headers: { "if-match": `"${plan.version}"` }, body: { user_id: userId } });

export const renewPublicLink = (plan: Plan) => api.sharing.renewPublicLink({ params: at(plan), ...nothing });

export const addCollaborator = (plan: Plan, body: AddCollaboratorInput, idempotencyKey: string) =>
	api.sharing.addCollaborator({ params: at(plan), query: {}, headers: { "idempotency-key": idempotencyKey }, body });

export const changeCollaborator = (plan: Plan, userId: string, role: PlanRole) =>
	api.sharing.changeCollaborator({ params: { ...at(plan), userId }, ...nothing, body: { role } });

export const removeCollaborator = (plan: Plan, userId: string) =>
	api.sharing.removeCollaborator({ params: { ...at(plan), userId }, ...nothing });

export const revokePlanInvitation = (plan: Plan, invitationId: string) =>
	api.sharing.revokePlanInvitation({ params: { ...at(plan), invitationId }, ...nothing });
