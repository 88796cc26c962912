import { listSubscriptions as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listSubscriptions = procedure.subscriptions.listSubscriptions.handler(({ context, input }) =>
	list(inProject(context, input.params)),
);
