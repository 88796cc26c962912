import { replayEvents as replay } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const replayEvents = procedure.subscriptions.replayEvents.handler(({ context, input }) =>
	replay(inProject(context, input.params), input.params.subscriptionId, input.body),
);
