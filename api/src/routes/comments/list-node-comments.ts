import { listComments } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listNodeComments = procedure.comments.listNodeComments.handler(({ context, input }) =>
	listComments(inProject(context, input.params), { nodeId: input.params.nodeId }, input.query),
);
