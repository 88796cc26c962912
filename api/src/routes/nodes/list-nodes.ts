import { listNodes as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listNodes = procedure.nodes.listNodes.handler(({ context, input }) => list(inProject(context, input.params), input.query));
