import { listIntegrations as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listIntegrations = procedure.integrations.listIntegrations.handler(({ context, input }) =>
	list(inProject(context, input.params)),
);
