import { adapterById } from "@agentplanner/adapters";
import { defaultOverlapHours } from "@agentplanner/contracts";
import { rotateSecret as rotate } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const rotateSecret = procedure.subscriptions.rotateSecret.handler(({ context, input }) =>
	rotate(inProject(context, input.params), input.params.subscriptionId, {
		overlapHours: input.body?.overlap_hours ?? defaultOverlapHours,
		adapterById,
	}),
);
