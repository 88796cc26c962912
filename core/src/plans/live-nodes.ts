import { isNull, planNodes } from "@agentplanner/db";

/** What every query on nodes asks for, except those that show or restore what was deleted. */
export const isLiveNode = isNull(planNodes.deletedAt);
