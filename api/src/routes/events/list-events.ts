import { setTimeout as sleep } from "node:timers/promises";
import { listEvents as list, type ProjectContext } from "@agentplanner/core";
import { inProject, type RouteContext } from "../../context.ts";
import { procedure } from "../../procedure.ts";

/** However much happens in other projects: nobody who waits reads more often. */
const shortestPauseMs = 200;

type Query = Parameters<typeof list>[1];

export const listEvents = procedure.events.listEvents.handler(({ context, input }) => {
	const { wait, ...query } = input.query;
	const project = inProject(context, input.params);
	return wait === 0 ? list(project, query) : follow(context, project, query, wait * 1_000);
});

/** Reads again whenever something was stamped, until there is something, the time is over, or nobody listens any more. */
const follow = async ({ stamped, gone }: RouteContext, project: ProjectContext, query: Query, waitMs: number) => {
	const over = AbortSignal.any([gone, AbortSignal.timeout(waitMs)]);
	const timeOver = new Promise<void>((resolve) => over.addEventListener("abort", () => resolve(), { once: true }));
	for (let cursor = query.cursor; ; ) {
		// Asked for before the reading, so that no word is missed.
		const word = stamped.next();
		const page = await list(project, { ...query, cursor });
		if (page.items.length > 0 || over.aborted || stamped.stopped()) return page;
		cursor = page.next_cursor;
		await Promise.race([word, timeOver]);
		await sleep(shortestPauseMs, undefined, { signal: over }).catch(() => {});
	}
};
