import { z } from "zod";
import { endpoint, IdempotencyHeaders, IfMatchHeaders } from "./endpoint.ts";
import { CreatedInvitation, Invitation, InvitationParams, MemberParams } from "./members.ts";
import { NodeKind, NodeStatus } from "./node-terms.ts";
import { Plan, PlanParams, PlanRole, PlanStatus, PlanVisibility } from "./plans.ts";
import { Progress } from "./progress.ts";
import { Email, Id, Timestamp } from "./values.ts";

export const Collaborator = z.strictObject({
	user_id: Id,
	name: z.string(),
	/** Null for whoever may not share the plan. */
	email: Email.nullable(),
	/** `owner`: whose plan it is. */
	role: z.enum(["owner", ...PlanRole.options]),
	created_at: Timestamp,
});
export type Collaborator = z.infer<typeof Collaborator>;

export const AddCollaboratorInput = z
	.strictObject({ email: Email, role: PlanRole })
	.meta({ examples: [{ email: "grace@example.org", role: "editor" }] });
export type AddCollaboratorInput = z.infer<typeof AddCollaboratorInput>;

/** Who has an account is a collaborator at once; anybody else is invited, by a link whose token is shown this once. */
export const AddedCollaborator = z.discriminatedUnion("state", [
	z.strictObject({ state: z.literal("added"), collaborator: Collaborator }),
	z.strictObject({ state: z.literal("invited"), invitation: CreatedInvitation }),
]);
export type AddedCollaborator = z.infer<typeof AddedCollaborator>;

export const ChangeCollaboratorInput = z.strictObject({ role: PlanRole });
export type ChangeCollaboratorInput = z.infer<typeof ChangeCollaboratorInput>;

export const SetVisibilityInput = z.strictObject({ visibility: PlanVisibility });
export type SetVisibilityInput = z.infer<typeof SetVisibilityInput>;

/** What the public link ends in; null: the plan has none. */
export const PublicLink = z.strictObject({ key: z.string().nullable() });
export type PublicLink = z.infer<typeof PublicLink>;

/** Where the page is that a public link opens; the key follows. */
export const publicPlanPath = "/public/";

export const PublicNode = z.strictObject({
	id: Id,
	parent_id: Id.nullable(),
	kind: NodeKind,
	title: z.string(),
	status: NodeStatus,
	/** Of what is below it; null where nothing is. */
	progress: Progress.nullable(),
});
export type PublicNode = z.infer<typeof PublicNode>;

/** What a plan's link shows to everybody: neither who works on it, nor what agents are told, asked and say. */
export const PublicPlan = z.strictObject({
	title: z.string(),
	description: z.string(),
	status: PlanStatus,
	updated_at: Timestamp,
	progress: Progress,
	/** Those without a parent first, siblings together and in their order. */
	nodes: z.array(PublicNode),
});
export type PublicPlan = z.infer<typeof PublicPlan>;

const CollaboratorParams = PlanParams.extend({ userId: MemberParams.shape.userId });
const PlanInvitationParams = PlanParams.extend({ invitationId: InvitationParams.shape.invitationId });

export const sharing = {
	setVisibility: endpoint({
		method: "PUT",
		path: "/projects/{projectId}/plans/{planId}/visibility",
		summary: "Say who sees a plan",
		description:
			"`private`: its owner, its collaborators, and the project's owners and admins. `project`: all members, but guests see what is shared with them alone. `public`: also everybody who has its link, to read; leaving `public` ends the link.",
		tag: "sharing",
		params: PlanParams,
		headers: IfMatchHeaders,
		body: SetVisibilityInput,
		output: Plan,
	}),
	listCollaborators: endpoint({
		method: "GET",
		path: "/projects/{projectId}/plans/{planId}/collaborators",
		summary: "Whose plan it is, and with whom it is shared beyond their roles in the project",
		tag: "sharing",
		params: PlanParams,
		output: z.strictObject({ items: z.array(Collaborator) }),
	}),
	addCollaborator: endpoint({
		method: "POST",
		path: "/projects/{projectId}/plans/{planId}/collaborators",
		summary: "Share a plan with an e-mail address; without an account it is invited for seven days",
		description: "Who is no member of the project becomes its guest, and sees of it nothing but the plans that are shared with them.",
		tag: "sharing",
		params: PlanParams,
		headers: IdempotencyHeaders,
		body: AddCollaboratorInput,
		output: AddedCollaborator,
		status: 201,
		refuses: ["conflict"],
	}),
	changeCollaborator: endpoint({
		method: "PATCH",
		path: "/projects/{projectId}/plans/{planId}/collaborators/{userId}",
		summary: "Give a collaborator another role in the plan",
		tag: "sharing",
		params: CollaboratorParams,
		body: ChangeCollaboratorInput,
		output: Collaborator,
		refuses: ["conflict"],
	}),
	removeCollaborator: endpoint({
		method: "DELETE",
		path: "/projects/{projectId}/plans/{planId}/collaborators/{userId}",
		summary: "Share a plan with somebody no longer, or leave it; a guest without any plan left leaves the project, too",
		tag: "sharing",
		params: CollaboratorParams,
		output: z.strictObject({}),
		refuses: ["conflict"],
	}),
	setPlanOwner: endpoint({
		method: "PUT",
		path: "/projects/{projectId}/plans/{planId}/owner",
		summary: "Give a plan to another member; the owner before stays as its admin",
		tag: "sharing",
		params: PlanParams,
		headers: IfMatchHeaders,
		body: z.strictObject({ user_id: Id }),
		output: Plan,
		refuses: ["unprocessable"],
	}),
	listPlanInvitations: endpoint({
		method: "GET",
		path: "/projects/{projectId}/plans/{planId}/invitations",
		summary: "Invitations to a plan that can still be accepted",
		tag: "sharing",
		params: PlanParams,
		output: z.strictObject({ items: z.array(Invitation) }),
	}),
	revokePlanInvitation: endpoint({
		method: "DELETE",
		path: "/projects/{projectId}/plans/{planId}/invitations/{invitationId}",
		summary: "Withdraw an invitation to a plan",
		tag: "sharing",
		params: PlanInvitationParams,
		output: z.strictObject({}),
		refuses: ["conflict"],
	}),
	getPublicLink: endpoint({
		method: "GET",
		path: "/projects/{projectId}/plans/{planId}/public-link",
		summary: "The public link of a plan",
		tag: "sharing",
		params: PlanParams,
		output: PublicLink,
	}),
	renewPublicLink: endpoint({
		method: "POST",
		path: "/projects/{projectId}/plans/{planId}/public-link",
		summary: "Make a new public link; the one before ends",
		tag: "sharing",
		params: PlanParams,
		output: PublicLink,
		refuses: ["conflict"],
	}),
	readPublicPlan: endpoint({
		method: "GET",
		path: "/public/plans/{key}",
		summary: "What a plan's public link shows; no sign-in",
		tag: "sharing",
		params: z.strictObject({ key: z.string().min(1).max(200) }),
		output: PublicPlan,
		refuses: ["limit_exceeded"],
	}),
};
