import { listLogs as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listLogs = procedure.logs.listLogs.handler(({ context, input }) =>
	list(inProject(context, input.params), input.params.nodeId, input.query),
);
