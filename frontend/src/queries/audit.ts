import { infiniteQueryOptions } from "@tanstack/react-query";
import { apiQueries } from "../lib/api-client.ts";

const pageSize = 50;

/** Critical acts, the newest first. */
export const auditQuery = (projectId: string) =>
	infiniteQueryOptions(
		apiQueries.audit.listAudit.infiniteOptions({
			input: (cursor: number) => ({ params: { projectId }, query: { order: "newest", limit: pageSize, cursor }, headers: {} }),
			initialPageParam: 0,
			getNextPageParam: (page) => (page.items.length < pageSize ? undefined : page.next_cursor),
		}),
	);
