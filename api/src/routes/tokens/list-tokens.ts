import { listTokens as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listTokens = procedure.tokens.listTokens.handler(({ context, input }) => list(inProject(context, input.params)));
