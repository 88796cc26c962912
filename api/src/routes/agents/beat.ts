import { beat as beatOnce } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const beat = procedure.agents.beat.handler(({ context, input }) => beatOnce(inProject(context, input.params), input.body));
