import { isNull, planNodes, sql } from "@agentplanner/db";

/** What every query on nodes asks for, except those that show or restore what was deleted. */
export const isLiveNode = isNull(planNodes.deletedAt);

/** For how long what was deleted can be restored. */
export const keptAfterDeletion = sql`interval '30 days'`;
