import { dispatchRequest as dispatch, NotFoundError } from "@agentplanner/core";
import { type Workflow, workflow } from "@agentplanner/engine";
import { z } from "zod";
import { type House, runContext } from "../house.ts";

const Routed = z.object({ deliveries: z.array(z.object({ id: z.uuid(), integration_id: z.uuid() })) });

/** Takes a new request on its way: snapshot and routes in one transaction, then one run per delivery. */
export const dispatchRequest = (house: House, deliver: Workflow) =>
	workflow({
		name: "dispatch-request",
		on: ["agent.request.created", "agent.request.dispatch.due"],
		retries: 5,
		timeoutMs: 20_000,
		steps: [
			{
				name: "route",
				run: async (input, run): Promise<z.infer<typeof Routed>> => ({
					deliveries: await dispatch(runContext(house, input, run.metadata, "dispatch-request"), input.subjectId).then(
						(queued) => queued.map(({ id, integrationId }) => ({ id, integration_id: integrationId })),
						(error: unknown) => {
							// No row means nothing to do.
							if (error instanceof NotFoundError) return [];
							throw error;
						},
					),
				}),
			},
			{
				name: "fan-out",
				run: async (input, run, { route }) => {
					const { deliveries } = Routed.parse(route);
					await run.spawn(
						deliver,
						deliveries.map(({ id, integration_id }) => ({
							projectId: input.projectId,
							subjectId: id,
							data: { agent_request_id: input.subjectId, integration_id },
						})),
					);
					return { deliveries: deliveries.length };
				},
			},
		],
	});
