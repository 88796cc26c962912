import type { TimelinePage, TimelineQuery } from "@agentplanner/contracts";
import { sql } from "@agentplanner/db";
import { authorize, may } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { authorizeNode, authorizePlan, inVisiblePlan } from "../plans/authorize-plan.ts";
import { readTimeline } from "./read-timeline.ts";

/** What happened to a node, newest first. Throws as `authorizeNode` does. */
export const getNodeTimeline = async (ctx: ProjectContext, nodeId: string, query: TimelineQuery): Promise<TimelinePage> => {
	const node = await authorizeNode(ctx, "activity:read", nodeId);
	return readTimeline(ctx, { column: "node_id", id: node.id }, query);
};

/** What happened in a plan, newest first. Throws as `authorizePlan` does. */
export const getPlanTimeline = async (ctx: ProjectContext, planId: string, query: TimelineQuery): Promise<TimelinePage> => {
	const plan = await authorizePlan(ctx, "activity:read", planId);
	return readTimeline(ctx, { column: "plan_id", id: plan.id }, query);
};

/**
 * What happened in a project, newest first, without the plans that the reader can't see; who may not read the project's events, as
 * guests and agents, reads of the plans alone.
 */
export const getProjectTimeline = async (ctx: ProjectContext, query: TimelineQuery): Promise<TimelinePage> => {
	await authorize(ctx, "activity:read");
	const inPlan = inVisiblePlan(ctx, sql`plan_id`);
	const visible = (await may(ctx, "events:read")) ? sql`(plan_id is null or ${inPlan})` : inPlan;
	return readTimeline(ctx, { column: "project_id", id: ctx.projectId, visible }, query);
};
