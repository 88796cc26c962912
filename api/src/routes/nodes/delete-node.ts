import { parseIfMatch, deleteNode as remove } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const deleteNode = procedure.nodes.deleteNode.handler(({ context, input }) =>
	remove(inProject(context, input.params), input.params.nodeId, parseIfMatch(input.headers["if-match"])),
);
