import { z } from "zod";
import { ClaimFenceHeaders } from "./claim-fence.ts";
import { endpoint, IdempotencyHeaders, IfMatchHeaders } from "./endpoint.ts";
import { PlanChange } from "./plan-changes.ts";
import {
	CreatedNode,
	CreateNodeInput,
	MovedNode,
	MoveNodeInput,
	NodeParams,
	PlanNode,
	PlanTreeNode,
	SetNodeStatusInput,
	UpdateNodeInput,
} from "./plan-nodes.ts";
import { Progress } from "./progress.ts";
import { ProjectParams, Role } from "./projects.ts";
import { Id, line, PageQuery, page, Timestamp, text, Version } from "./values.ts";

export const planStatuses = ["draft", "active", "completed", "archived"] as const;
export const PlanStatus = z.enum(planStatuses);
export type PlanStatus = z.infer<typeof PlanStatus>;

/** `private`: its owner, its collaborators and the project's admins; `project`: its members; `public`: also whoever has its link, to read. */
export const planVisibilities = ["private", "project", "public"] as const;
export const PlanVisibility = z.enum(planVisibilities);
export type PlanVisibility = z.infer<typeof PlanVisibility>;

/** Roles of collaborators, in the order of `roles`. */
export const planRoles = ["admin", "editor", "viewer"] as const satisfies readonly Role[];
export const PlanRole = z.enum(planRoles);
export type PlanRole = z.infer<typeof PlanRole>;

const maxTitleCharacters = 200;
export const PlanTitle = line(maxTitleCharacters);

export const Plan = z.strictObject({
	id: Id,
	project_id: Id,
	title: z.string(),
	description: z.string(),
	status: PlanStatus,
	visibility: PlanVisibility,
	/** Since when it lies in the bin; null: it does not. */
	deleted_at: Timestamp.nullable(),
	/** Until then it can be restored; after that it is removed for good, as soon as nobody waits for an answer in it. */
	kept_until: Timestamp.nullable(),
	/** Null once that account is gone. */
	owner_user_id: Id.nullable(),
	/** What whoever reads this counts as in the plan. */
	role: Role,
	version: Version,
	created_at: Timestamp,
	updated_at: Timestamp,
});
export type Plan = z.infer<typeof Plan>;

export const PlanTree = z.strictObject({
	plan: Plan,
	progress: Progress,
	nodes: z.array(PlanTreeNode),
	/** The one that can be undone. */
	last_change: PlanChange.nullable(),
	waiting: z.array(Id).describe("Open nodes that can't begin before others are finished"),
});
export type PlanTree = z.infer<typeof PlanTree>;

export const PlanOverview = Plan.extend({
	progress: Progress,
	last_activity_at: Timestamp.describe("When something last happened to the plan or in it; `updated_at` is of its own fields alone"),
});
export type PlanOverview = z.infer<typeof PlanOverview>;

export const CreatePlanInput = z
	.strictObject({
		title: PlanTitle,
		description: text(20_000).default(""),
		status: PlanStatus.extract(["draft", "active"]).optional().describe("`active` unless given"),
		visibility: PlanVisibility.extract(["private", "project"]).optional().describe("`project` unless given"),
	})
	.meta({ examples: [{ title: "Launch the spring release", description: "From code freeze to announcement." }] });
export type CreatePlanInput = z.infer<typeof CreatePlanInput>;

export const UpdatePlanInput = z
	.strictObject({ title: PlanTitle.optional(), description: text(20_000).optional(), status: PlanStatus.optional() })
	.meta({ examples: [{ title: "Launch the summer release" }] });
export type UpdatePlanInput = z.infer<typeof UpdatePlanInput>;

const copyEnding = " (copy)";
/** What a copy of a plan is called unless somebody says otherwise. */
export const titleOfCopy = (title: string): string => title.slice(0, maxTitleCharacters - copyEnding.length) + copyEnding;

export const DuplicatePlanInput = z
	.strictObject({
		title: PlanTitle.optional().describe("“… (copy)” unless given"),
		visibility: PlanVisibility.extract(["private", "project"]).optional().describe("`project` unless given, or unless the plan is private"),
	})
	.meta({ examples: [{ title: "Launch the autumn release" }] });
export type DuplicatePlanInput = z.infer<typeof DuplicatePlanInput>;

export const PlanParams = ProjectParams.extend({ planId: Id });

export const plans = {
	createPlan: endpoint({
		method: "POST",
		path: "/projects/{projectId}/plans",
		summary: "Create a plan",
		tag: "plans",
		params: ProjectParams,
		headers: IdempotencyHeaders,
		body: CreatePlanInput,
		output: Plan,
		status: 201,
	}),
	listPlans: endpoint({
		method: "GET",
		path: "/projects/{projectId}/plans",
		summary: "The plans of a project that one may see, newest first",
		tag: "plans",
		params: ProjectParams,
		query: PageQuery.extend({
			status: PlanStatus.optional(),
			deleted: z
				.enum(["true", "false"])
				.default("false")
				.transform((value) => value === "true")
				.describe("Those in the bin, which one may restore, instead of the others"),
		}),
		output: page(PlanOverview),
	}),
	getPlanTree: endpoint({
		method: "GET",
		path: "/projects/{projectId}/plans/{planId}",
		summary: "A plan with all its nodes",
		tag: "plans",
		params: PlanParams,
		output: PlanTree,
	}),
	updatePlan: endpoint({
		method: "PATCH",
		path: "/projects/{projectId}/plans/{planId}",
		summary: "Rename or describe a plan, or give it another status",
		description:
			"An archived plan can only be read, with all that is in it, until it gets another status. What was under way goes on to its end.",
		tag: "plans",
		params: PlanParams,
		headers: IfMatchHeaders,
		body: UpdatePlanInput,
		output: Plan,
	}),
	duplicatePlan: endpoint({
		method: "POST",
		path: "/projects/{projectId}/plans/{planId}/duplicate",
		summary: "Make a draft out of a plan: its nodes, none of them begun, without requests and decisions",
		tag: "plans",
		params: PlanParams,
		headers: IdempotencyHeaders,
		body: DuplicatePlanInput,
		output: Plan,
		status: 201,
	}),
	deletePlan: endpoint({
		method: "DELETE",
		path: "/projects/{projectId}/plans/{planId}",
		summary: "Put a plan, with all that is in it, into the bin for 30 days",
		description: "It can be restored until then. Agents go on with what they were asked before, and their answers are kept.",
		tag: "plans",
		params: PlanParams,
		headers: IfMatchHeaders,
		output: z.strictObject({}),
	}),
	restorePlan: endpoint({
		method: "POST",
		path: "/projects/{projectId}/plans/{planId}/restore",
		summary: "Take a plan out of the bin",
		tag: "plans",
		params: PlanParams,
		output: Plan,
		refuses: ["conflict"],
	}),
	createNode: endpoint({
		method: "POST",
		path: "/projects/{projectId}/plans/{planId}/nodes",
		summary: "Add a phase, task or milestone",
		tag: "plans",
		params: PlanParams,
		headers: IdempotencyHeaders,
		body: CreateNodeInput,
		output: CreatedNode,
		status: 201,
		refuses: ["unprocessable"],
	}),
	getNode: endpoint({
		method: "GET",
		path: "/projects/{projectId}/nodes/{nodeId}",
		summary: "One node",
		tag: "plans",
		params: NodeParams,
		output: PlanNode,
	}),
	updateNode: endpoint({
		method: "PATCH",
		path: "/projects/{projectId}/nodes/{nodeId}",
		summary: "Edit a node's texts, kind, task mode, labels or due date",
		tag: "plans",
		params: NodeParams,
		headers: IfMatchHeaders,
		body: UpdateNodeInput,
		output: PlanNode,
	}),
	setNodeStatus: endpoint({
		method: "PUT",
		path: "/projects/{projectId}/nodes/{nodeId}/status",
		summary: "Change a node's status",
		tag: "plans",
		params: NodeParams,
		headers: IfMatchHeaders.extend(ClaimFenceHeaders.shape),
		body: SetNodeStatusInput,
		output: PlanNode,
		refuses: ["conflict"],
	}),
	moveNode: endpoint({
		method: "POST",
		path: "/projects/{projectId}/nodes/{nodeId}/move",
		summary: "Move a node, with all below it, to another place in its plan",
		tag: "plans",
		params: NodeParams,
		headers: IfMatchHeaders,
		body: MoveNodeInput,
		output: MovedNode,
		refuses: ["unprocessable"],
	}),
};
