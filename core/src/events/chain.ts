import { auditLogs, eq, events, isNull } from "@agentplanner/db";

const tables = { events, audit: auditLogs };

/** Two tables, each numbered and chained on its own. */
export type Chain = keyof typeof tables;

/** Both have the columns that stamping is about. */
export const tableOf = (chain: Chain) => tables[chain] as typeof events;

export const ofProject = (table: typeof events, projectId: string | null) =>
	projectId === null ? isNull(table.projectId) : eq(table.projectId, projectId);
