import { dispatchRequest as dispatch, NotFoundError } from "@agentplanner/core";
import { type Workflow, workflow } from "@agentplanner/engine";
import { z } from "zod";
import { type House, runContext } from "../house.ts";

const Routed = z.object({ delivery_ids: z.array(z.uuid()) });

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
					delivery_ids: await dispatch(runContext(house, input, run.metadata, "dispatch-request"), input.subjectId).catch(
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
					const ids = Routed.parse(route).delivery_ids;
					await run.spawn(
						deliver,
						ids.map((subjectId) => ({ projectId: input.projectId, subjectId, data: { agent_request_id: input.subjectId } })),
					);
					return { deliveries: ids.length };
				},
			},
		],
	});
