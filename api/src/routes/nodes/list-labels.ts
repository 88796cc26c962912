import { listLabels as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listLabels = procedure.nodes.listLabels.handler(({ context, input }) => list(inProject(context, input.params), input.query));
