import { and, eq, planNodes, plans, projects, type SQL, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { given, type Standing, standing } from "../plans/authorize-plan.ts";
import type { Titles } from "./read-decisions.ts";

/** Where a decision is to be made, with the moment and the decision's id, both of the database. */
export type Place = { newId: string; now: Date; planId: string; nodeId: string; isDeleted: boolean; titles: Titles; plan: Standing };

/** The node with its names, deleted or not; null if there is none in this project. The query is on its way when the call returns. */
export const readPlace = async (ctx: ProjectContext, nodeId: string | SQL): Promise<Place | null> => {
	const { db, projectId } = ctx;
	const [place] = await db
		.select({
			newId: sql<string>`uuidv7()`,
			now: sql<Date>`now()`.mapWith(planNodes.createdAt),
			planId: planNodes.planId,
			nodeId: planNodes.id,
			isDeleted: sql<boolean>`${planNodes.deletedAt} is not null`,
			titles: { project: projects.name, plan: plans.title, node: planNodes.title },
			plan: standing(given(ctx)),
		})
		.from(planNodes)
		.innerJoin(plans, eq(plans.id, planNodes.planId))
		.innerJoin(projects, eq(projects.id, planNodes.projectId))
		.where(and(eq(planNodes.projectId, projectId), eq(planNodes.id, nodeId)))
		.execute();
	return place ?? null;
};
