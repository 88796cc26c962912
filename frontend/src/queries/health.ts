import { apiQueries, nothing } from "../lib/api-client.ts";

/** Checked when it is asked for, and so again now and then. */
export const healthQuery = (projectId: string) =>
	apiQueries.health.getProjectHealth.queryOptions({ input: { params: { projectId }, ...nothing }, refetchInterval: 30_000 });
