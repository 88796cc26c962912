import { and, asc, eq, inArray, planNodes } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import type { NodeRow } from "./change-status.ts";
import { isLiveNode } from "./live-nodes.ts";

/** Those of the nodes that are in this project and not deleted, locked against every change; always in one order, so that nobody waits in a circle. */
export const lockNodes = (tx: Tx<ProjectContext>, ids: readonly string[]): Promise<NodeRow[]> =>
	tx.db
		.select()
		.from(planNodes)
		.where(and(eq(planNodes.projectId, tx.projectId), inArray(planNodes.id, [...ids]), isLiveNode))
		.orderBy(asc(planNodes.id))
		.for("no key update");
