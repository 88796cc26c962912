import { parseIfMatchDigest, setNodeAssignments as set } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const setNodeAssignments = procedure.assignments.setNodeAssignments.handler(async ({ context, input }) => {
	const expected = parseIfMatchDigest(input.headers["if-match"]);
	const list = await set(inProject(context, input.params), input.params.nodeId, input.body, expected);
	context.reply.version(list.version);
	return list;
});
