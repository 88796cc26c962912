import type { TimelinePage, TimelineQuery } from "@agentplanner/contracts";
import { type SQL, sql } from "@agentplanner/db";
import { authorize, may } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { isReadable } from "../events/readable-events.ts";
import { authorizeNode, authorizePlan, inVisiblePlan } from "../plans/authorize-plan.ts";
import { readTimeline } from "./read-timeline.ts";

/**
 * Without what few may read. A goal is the project's, also where it is linked to a plan: whoever may not read goals doesn't learn there
 * what they are called.
 */
const findReadable = async (ctx: ProjectContext): Promise<SQL> =>
	(await may(ctx, "goals:read")) ? isReadable(ctx) : sql`subject_type <> 'goal' and ${isReadable(ctx)}`;

/** What happened to a node, newest first. Throws as `authorizeNode` does. */
export const getNodeTimeline = async (ctx: ProjectContext, nodeId: string, query: TimelineQuery): Promise<TimelinePage> => {
	const [node, readable] = await Promise.all([authorizeNode(ctx, "activity:read", nodeId), findReadable(ctx)]);
	return readTimeline(ctx, { column: "node_id", id: node.id, readable }, query);
};

/** What happened in a plan, newest first. Throws as `authorizePlan` does. */
export const getPlanTimeline = async (ctx: ProjectContext, planId: string, query: TimelineQuery): Promise<TimelinePage> => {
	const [plan, readable] = await Promise.all([authorizePlan(ctx, "activity:read", planId), findReadable(ctx)]);
	return readTimeline(ctx, { column: "plan_id", id: plan.id, readable }, query);
};

/**
 * What happened in a project, newest first, without the plans that the reader can't see, and what few may read; who may not read the project's events, as
 * guests and agents, reads of the plans alone.
 */
export const getProjectTimeline = async (ctx: ProjectContext, query: TimelineQuery): Promise<TimelinePage> => {
	await authorize(ctx, "activity:read");
	const inPlan = inVisiblePlan(ctx, sql`plan_id`);
	const [all, readable] = await Promise.all([may(ctx, "events:read"), findReadable(ctx)]);
	const visible = sql`${all ? sql`(plan_id is null or ${inPlan})` : inPlan} and ${readable}`;
	return readTimeline(ctx, { column: "project_id", id: ctx.projectId, visible }, query);
};
