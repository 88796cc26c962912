import { listAgents as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listAgents = procedure.agents.listAgents.handler(({ context, input }) => list(inProject(context, input.params)));
