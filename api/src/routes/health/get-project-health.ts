import { getProjectHealth as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getProjectHealth = procedure.health.getProjectHealth.handler(({ context, input }) => get(inProject(context, input.params)));
