import { getNodeAssignments as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getNodeAssignments = procedure.assignments.getNodeAssignments.handler(async ({ context, input }) => {
	const list = await get(inProject(context, input.params), input.params.nodeId);
	context.reply.version(list.version);
	return list;
});
