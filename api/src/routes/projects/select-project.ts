import { selectProject as select } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const selectProject = procedure.projects.selectProject.handler(({ context, input }) => select(inProject(context, input.params)));
