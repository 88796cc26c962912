import { listEvents as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listEvents = procedure.events.listEvents.handler(({ context, input }) => list(inProject(context, input.params), input.query));
