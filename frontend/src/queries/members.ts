import type { CreateInvitationInput, Role } from "@agentplanner/contracts";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

export const membersQuery = (projectId: string) =>
	apiQueries.members.listMembers.queryOptions({ input: { params: { projectId }, ...nothing } });

export const changeMember = (projectId: string, userId: string, role: Role) =>
	api.members.changeMember({ params: { projectId, userId }, ...nothing, body: { role } });

export const removeMember = (projectId: string, userId: string) => api.members.removeMember({ params: { projectId, userId }, ...nothing });

export const invitationsQuery = (projectId: string) =>
	apiQueries.members.listInvitations.queryOptions({ input: { params: { projectId }, ...nothing } });

export const createInvitation = (projectId: string, body: CreateInvitationInput, idempotencyKey: string) =>
	api.members.createInvitation({ params: { projectId }, query: {}, headers: { "idempotency-key": idempotencyKey }, body });

export const revokeInvitation = (projectId: string, invitationId: string) =>
	api.members.revokeInvitation({ params: { projectId, invitationId }, ...nothing });

/** What the holder of a link is invited to. */
export const invitationQuery = (token: string) =>
	apiQueries.members.previewInvitation.queryOptions({ input: { params: {}, ...nothing, body: { token } }, enabled: token !== "" });

export const acceptInvitation = (token: string) => api.members.acceptInvitation({ params: {}, ...nothing, body: { token } });
