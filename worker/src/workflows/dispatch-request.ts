import { dispatchRequest as dispatch, listQueuedDeliveries, NotFoundError } from "@agentplanner/core";
import { type Workflow, workflow } from "@agentplanner/engine";
import { type House, runContext } from "../house.ts";

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
				run: (input, run) =>
					dispatch(runContext(house, input, run.metadata, "dispatch-request"), input.subjectId).catch((error: unknown) => {
						// No row means nothing to do.
						if (!(error instanceof NotFoundError)) throw error;
					}),
			},
			{
				name: "fan-out",
				run: async (input, run) => {
					const ids = await listQueuedDeliveries(runContext(house, input, run.metadata, "dispatch-request"), input.subjectId);
					await run.spawn(
						deliver,
						ids.map((subjectId) => ({ projectId: input.projectId, subjectId, data: { agent_request_id: input.subjectId } })),
					);
					return { deliveries: ids.length };
				},
			},
		],
	});
