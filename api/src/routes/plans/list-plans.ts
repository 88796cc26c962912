import { listPlans as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listPlans = procedure.plans.listPlans.handler(({ context, input }) => list(inProject(context, input.params), input.query));
