import { z } from "zod";
import { endpoint, IdempotencyHeaders } from "./endpoint.ts";
import { PlanRole } from "./plans.ts";
import { Project, ProjectParams, Role } from "./projects.ts";
import { Email, Id, Timestamp } from "./values.ts";

export const Member = z.strictObject({ user_id: Id, email: Email, name: z.string(), role: Role, created_at: Timestamp });
export type Member = z.infer<typeof Member>;

export const AddMemberInput = z
	.strictObject({ email: Email, role: Role })
	.meta({ examples: [{ email: "grace@example.org", role: "editor" }] });
export type AddMemberInput = z.infer<typeof AddMemberInput>;

export const ChangeMemberInput = z.strictObject({ role: Role });
export type ChangeMemberInput = z.infer<typeof ChangeMemberInput>;

export const Invitation = z.strictObject({
	id: Id,
	email: Email,
	/** In the project. */
	role: Role,
	/** The one plan that it is to, for a guest, and the role in that; null for one to the project. */
	plan: z.strictObject({ id: Id, title: z.string(), role: PlanRole }).nullable(),
	expires_at: Timestamp,
	created_at: Timestamp,
});
export type Invitation = z.infer<typeof Invitation>;

export const CreateInvitationInput = z
	.strictObject({ email: Email, role: Role })
	.meta({ examples: [{ email: "grace@example.org", role: "viewer" }] });
export type CreateInvitationInput = z.infer<typeof CreateInvitationInput>;

/** The one time that the token is shown; it belongs into the link that the invited person gets. */
export const CreatedInvitation = Invitation.extend({ token: z.string() });
export type CreatedInvitation = z.infer<typeof CreatedInvitation>;

/** What somebody who holds the link of an invitation that is still good may know of it. */
export const OpenInvitation = z.strictObject({
	state: z.literal("open"),
	project: z.strictObject({ id: Id, name: z.string() }),
	role: Role,
	plan: z.strictObject({ id: Id, title: z.string(), role: PlanRole }).nullable(),
	/** The address that was invited: no other account can accept. */
	email: Email,
	/** Whether that address can sign in here, or has to make an account. */
	has_account: z.boolean(),
	/** Null once that account is gone. */
	invited_by: z.string().nullable(),
	expires_at: Timestamp,
});
export type OpenInvitation = z.infer<typeof OpenInvitation>;

/** The same for any invitation's link: of one that is good no more the state alone. */
export const InvitationPreview = z.discriminatedUnion("state", [
	OpenInvitation,
	z.strictObject({ state: z.enum(["expired", "revoked", "accepted"]) }),
]);
export type InvitationPreview = z.infer<typeof InvitationPreview>;

const InvitationTokenInput = z.strictObject({ token: z.string().min(1).max(200) });

/** Where the page is that an invitation's link opens. The token comes behind the `#`, so that it is sent to no server and in no log. */
export const invitationPath = "/invitation";

export const MemberParams = ProjectParams.extend({ userId: Id });
export const InvitationParams = ProjectParams.extend({ invitationId: Id });

export const members = {
	listMembers: endpoint({
		method: "GET",
		path: "/projects/{projectId}/members",
		summary: "Who may do what in a project",
		tag: "members",
		params: ProjectParams,
		output: z.strictObject({ items: z.array(Member) }),
	}),
	addMember: endpoint({
		method: "POST",
		path: "/projects/{projectId}/members",
		summary: "Add an account that exists; others are invited",
		tag: "members",
		params: ProjectParams,
		headers: IdempotencyHeaders,
		body: AddMemberInput,
		output: Member,
		status: 201,
		refuses: ["conflict", "unprocessable"],
	}),
	changeMember: endpoint({
		method: "PATCH",
		path: "/projects/{projectId}/members/{userId}",
		summary: "Give a member another role; below admin the tokens they made for agents end",
		tag: "members",
		params: MemberParams,
		body: ChangeMemberInput,
		output: Member,
		refuses: ["unprocessable"],
	}),
	removeMember: endpoint({
		method: "DELETE",
		path: "/projects/{projectId}/members/{userId}",
		summary: "Remove a member, or leave; their tokens and those they made for agents end too",
		tag: "members",
		params: MemberParams,
		output: z.strictObject({}),
		refuses: ["unprocessable"],
	}),
	createInvitation: endpoint({
		method: "POST",
		path: "/projects/{projectId}/invitations",
		summary: "Invite an address for seven days; the token is shown once",
		tag: "members",
		params: ProjectParams,
		headers: IdempotencyHeaders,
		body: CreateInvitationInput,
		output: CreatedInvitation,
		status: 201,
		refuses: ["conflict"],
	}),
	listInvitations: endpoint({
		method: "GET",
		path: "/projects/{projectId}/invitations",
		summary: "Invitations that can still be accepted",
		tag: "members",
		params: ProjectParams,
		output: z.strictObject({ items: z.array(Invitation) }),
	}),
	revokeInvitation: endpoint({
		method: "DELETE",
		path: "/projects/{projectId}/invitations/{invitationId}",
		summary: "Withdraw an invitation",
		tag: "members",
		params: InvitationParams,
		output: z.strictObject({}),
		refuses: ["conflict"],
	}),
	acceptInvitation: endpoint({
		method: "POST",
		path: "/invitations/accept",
		summary: "Join a project with the account I am signed in to",
		tag: "members",
		body: InvitationTokenInput,
		output: Project,
		refuses: ["conflict"],
	}),
	previewInvitation: endpoint({
		method: "POST",
		path: "/invitations/preview",
		summary: "What the holder of an invitation's token is invited to; changes nothing",
		tag: "members",
		body: InvitationTokenInput,
		output: InvitationPreview,
		refuses: ["not_found"],
	}),
};
