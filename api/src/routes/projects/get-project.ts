import { getProject as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getProject = procedure.projects.getProject.handler(({ context, input }) => get(inProject(context, input.params)));
