import { getPlanTree as getTree } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getPlanTree = procedure.plans.getPlanTree.handler(({ context, input }) =>
	getTree(inProject(context, input.params), input.params.planId),
);
