import type { ReplayFilter, ReplayPreview, SkipReason } from "@agentplanner/contracts";
import { and, count, eq, messageDeliveries, projects } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { presentSkipped } from "./present.ts";
import { isDead, isMineToSend, skipReason } from "./select-dead.ts";

/** What a replay by that filter would send at this moment, and what it would pass over; changes nothing. Throws ForbiddenError below editor. */
export const previewReplay = async (ctx: ProjectContext, filter: ReplayFilter): Promise<ReplayPreview> => {
	await authorize(ctx, "deliveries:retry");
	const [counts, [project]] = await Promise.all([
		countByReason(ctx, filter),
		ctx.db.select({ days: projects.replayMaxAgeDays }).from(projects).where(eq(projects.id, ctx.projectId)),
	]);
	if (!project) throw new NotFoundError("project");
	const skipped: Partial<Record<SkipReason, number>> = {};
	for (const { reason, count: some } of counts) if (reason !== null) skipped[reason] = some;
	return {
		total: counts.reduce((sum, { count: some }) => sum + some, 0),
		replayable: counts.find(({ reason }) => reason === null)?.count ?? 0,
		skipped: presentSkipped(skipped),
		max_age_days: project.days,
	};
};

const countByReason = async (ctx: ProjectContext, filter: ReplayFilter) => {
	const judged = ctx.db
		.select({ reason: skipReason(filter).as("reason") })
		.from(messageDeliveries)
		.where(and(isDead(ctx, filter), isMineToSend(ctx)))
		.as("judged");
	return ctx.db.select({ reason: judged.reason, count: count() }).from(judged).groupBy(judged.reason);
};
