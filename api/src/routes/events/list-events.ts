import { type Actor, listEvents as list, type ProjectContext } from "@agentplanner/core";
import { inProject, type RouteContext } from "../../context.ts";
import { procedure } from "../../procedure.ts";

type Query = Parameters<typeof list>[1];

export const listEvents = procedure.events.listEvents.handler(({ context, input }) => {
	const { wait, ...query } = input.query;
	const project = inProject(context, input.params);
	return wait === 0 ? list(project, query) : follow(context, project, query, wait * 1_000);
});

/** Each token counts for itself, else the person. */
const holderOf = (actor: Actor): string => ("tokenId" in actor && actor.tokenId) || ("userId" in actor && actor.userId) || actor.type;

/** Reads again whenever something came, until there is something to be seen, the time is over, or nobody listens any more. */
const follow = async ({ eventWaiters, gone }: RouteContext, project: ProjectContext, query: Query, waitMs: number) => {
	const over = AbortSignal.any([gone, AbortSignal.timeout(waitMs)]);
	const { projectId, actor } = project;
	const waiter = eventWaiters.enter({ projectId, planId: query.plan_id, subjectId: query.subject_id, types: query.types }, holderOf(actor));
	try {
		for (let cursor = query.cursor; ; ) {
			const page = await list(project, { ...query, cursor });
			if (page.items.length > 0 || over.aborted || eventWaiters.stopped()) return page;
			cursor = page.next_cursor;
			await waiter.come(over);
		}
	} finally {
		waiter.leave();
	}
};
