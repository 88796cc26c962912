import { listProjects as list } from "@agentplanner/core";
import { procedure } from "../../procedure.ts";

export const listProjects = procedure.projects.listProjects.handler(({ context }) => list(context.core));
