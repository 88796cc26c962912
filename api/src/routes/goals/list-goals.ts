import { listGoals as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listGoals = procedure.goals.listGoals.handler(({ context, input }) => list(inProject(context, input.params), input.query));
