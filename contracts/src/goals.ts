import { z } from "zod";
import { endpoint, IdempotencyHeaders, IfMatchHeaders } from "./endpoint.ts";
import { ProjectParams } from "./projects.ts";
import { Id, line, PageQuery, page, Timestamp, text, Version } from "./values.ts";

export const goalStatuses = ["draft", "active", "achieved", "paused", "abandoned"] as const;
export const GoalStatus = z.enum(goalStatuses);
export type GoalStatus = z.infer<typeof GoalStatus>;

/** Most goals of a project, those below others included. */
export const maxGoals = 1_000;
/** How deep goals stand below each other. */
export const maxGoalDepth = 10;

/** Most criteria of a goal. */
export const maxCriteria = 20;
/** Most characters of the unit in which a criterion is measured. */
export const maxUnitCharacters = 30;

const measure = z.number().min(-1e12).max(1e12);

export const GoalCriterionInput = z
	.strictObject({
		title: line(200),
		unit: z.string().trim().max(maxUnitCharacters).default(""),
		start: measure.default(0).describe("Where it began: 0 percent"),
		target: measure.describe("Where it is met: 100 percent; below `start` where less is better"),
		current: measure.describe("Where it stands now"),
	})
	.refine(({ start, target }) => start !== target, { path: ["target"], message: "must differ from start" });
export type GoalCriterionInput = z.infer<typeof GoalCriterionInput>;

/** In whole percent; 100 only when there is nothing left. Null where nothing can be counted. */
const Percent = z.int().min(0).max(100).nullable();

export const GoalCriterion = z.strictObject({
	title: z.string(),
	unit: z.string(),
	start: z.number(),
	target: z.number(),
	current: z.number(),
	percent: Percent,
});
export type GoalCriterion = z.infer<typeof GoalCriterion>;

export const GoalLink = z.strictObject({
	id: Id,
	plan_id: Id,
	plan_title: z.string(),
	node_id: Id.nullable(),
	node_title: z.string().nullable(),
	percent: Percent,
});
export type GoalLink = z.infer<typeof GoalLink>;

export const Goal = z.strictObject({
	id: Id,
	project_id: Id,
	parent_id: Id.nullable(),
	title: z.string(),
	description: z.string(),
	status: GoalStatus,
	owner_user_id: Id.nullable(),
	target_date: z.iso.date().nullable(),
	criteria: z.array(GoalCriterion),
	/** Only to plans that the caller may see. */
	links: z.array(GoalLink),
	/**
	 * The mean of its parts: each criterion, each link, and each goal below it that is neither a draft nor abandoned. An achieved goal is
	 * at 100. Parts of which nothing can be counted are left out, and so are plans that the caller may not see.
	 */
	percent: Percent,
	version: Version,
	created_at: Timestamp,
	updated_at: Timestamp,
});
export type Goal = z.infer<typeof Goal>;

const fields = {
	parent_id: Id.nullable(),
	title: line(200),
	description: text(20_000),
	status: GoalStatus,
	owner_user_id: Id.nullable().describe("A member of the project"),
	target_date: z.iso.date().nullable(),
	criteria: z.array(GoalCriterionInput).max(maxCriteria).describe("The whole list"),
};

export const CreateGoalInput = z
	.strictObject({
		parent_id: fields.parent_id.default(null),
		title: fields.title,
		description: fields.description.default(""),
		status: fields.status.default("draft"),
		owner_user_id: fields.owner_user_id.default(null),
		target_date: fields.target_date.default(null),
		criteria: fields.criteria.default([]),
	})
	.meta({
		examples: [
			{ title: "Fewer support calls", status: "active", criteria: [{ title: "Calls a week", start: 40, target: 10, current: 31 }] },
		],
	});
export type CreateGoalInput = z.infer<typeof CreateGoalInput>;

export const UpdateGoalInput = z
	.strictObject(fields)
	.partial()
	.meta({ examples: [{ status: "achieved" }] });
export type UpdateGoalInput = z.infer<typeof UpdateGoalInput>;

export const CreateGoalLinkInput = z
	.strictObject({ plan_id: Id, node_id: Id.nullable().default(null) })
	.meta({ examples: [{ plan_id: "01990000-0000-7000-8000-000000000000" }] });
export type CreateGoalLinkInput = z.infer<typeof CreateGoalLinkInput>;

export const GoalParams = ProjectParams.extend({ goalId: Id });
export const GoalLinkParams = GoalParams.extend({ linkId: Id });

export const goals = {
	createGoal: endpoint({
		method: "POST",
		path: "/projects/{projectId}/goals",
		summary: "Set a goal",
		tag: "goals",
		params: ProjectParams,
		headers: IdempotencyHeaders,
		body: CreateGoalInput,
		output: Goal,
		status: 201,
		refuses: ["unprocessable"],
	}),
	listGoals: endpoint({
		method: "GET",
		path: "/projects/{projectId}/goals",
		summary: "Goals of a project, newest first",
		tag: "goals",
		params: ProjectParams,
		query: PageQuery.extend({
			status: GoalStatus.optional(),
			plan_id: Id.optional().describe("Those linked to this plan, or to a node of it"),
		}),
		output: page(Goal),
	}),
	getGoal: endpoint({
		method: "GET",
		path: "/projects/{projectId}/goals/{goalId}",
		summary: "One goal",
		tag: "goals",
		params: GoalParams,
		output: Goal,
	}),
	updateGoal: endpoint({
		method: "PATCH",
		path: "/projects/{projectId}/goals/{goalId}",
		summary: "Edit a goal: its texts, status, owner, place, and where its criteria stand",
		tag: "goals",
		params: GoalParams,
		headers: IfMatchHeaders,
		body: UpdateGoalInput,
		output: Goal,
		refuses: ["unprocessable"],
	}),
	deleteGoal: endpoint({
		method: "DELETE",
		path: "/projects/{projectId}/goals/{goalId}",
		summary: "Delete a goal that has none below it; for 30 days it can be restored",
		tag: "goals",
		params: GoalParams,
		output: z.strictObject({}),
		refuses: ["conflict"],
	}),
	restoreGoal: endpoint({
		method: "POST",
		path: "/projects/{projectId}/goals/{goalId}/restore",
		summary: "Take a deleted goal back; where its parent is gone, to the top level",
		tag: "goals",
		params: GoalParams,
		output: Goal,
		refuses: ["unprocessable"],
	}),
	linkGoal: endpoint({
		method: "POST",
		path: "/projects/{projectId}/goals/{goalId}/links",
		summary: "Say that a plan, or a node of it, leads to a goal; what is linked already stays so",
		tag: "goals",
		params: GoalParams,
		body: CreateGoalLinkInput,
		output: Goal,
		status: 201,
		refuses: ["unprocessable"],
	}),
	unlinkGoal: endpoint({
		method: "DELETE",
		path: "/projects/{projectId}/goals/{goalId}/links/{linkId}",
		summary: "Take a link away",
		tag: "goals",
		params: GoalLinkParams,
		output: Goal,
	}),
};
