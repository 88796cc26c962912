import type { RequestOverview, RequestStatus } from "@agentplanner/contracts";
import { agentRequests, and, eq } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { cursorId, newestInProject, type PageInput, toPage } from "../pagination.ts";
import { isVisibleRequest } from "./addressee.ts";
import { requestColumns } from "./lock-request.ts";
import { readOverviews } from "./read-overviews.ts";

/** Requests, newest first; of one node or in one status if asked. */
export const listRequests = async (
	ctx: ProjectContext,
	query: PageInput & { node_id?: string | undefined; status?: RequestStatus | undefined },
): Promise<{ items: RequestOverview[]; next_cursor: string | null }> => {
	await authorize(ctx, "requests:read");
	const narrowed = query.node_id !== undefined || query.status !== undefined;
	const newest = newestInProject(agentRequests, { projectId: ctx.projectId, before: cursorId(query), narrowed });
	const rows = await ctx.db
		.select(requestColumns)
		.from(agentRequests)
		.where(
			and(
				newest.where,
				isVisibleRequest(ctx),
				query.node_id ? eq(agentRequests.nodeId, query.node_id) : undefined,
				query.status ? eq(agentRequests.status, query.status) : undefined,
			),
		)
		.orderBy(...newest.orderBy)
		.limit(query.limit + 1);
	return toPage(await readOverviews(ctx, rows), query.limit, (overview) => overview);
};
