import { deepEqual, equal } from "node:assert/strict";
import { eventually } from "../../../scripts/testing/eventually.ts";
import type { FaultCase } from "../fault-case.ts";
import { answer, startReceiver, status } from "../receiver.ts";

export const neighbourFaults: readonly FaultCase[] = [
	{
		id: "E4",
		fault: "One request to 20 receivers, one of which fails",
		expected: "Only that one is tried again",
		quick: true,
		run: async ({ house: open, own }) => {
			const house = await open();
			const receiver = own.use(await startReceiver([answer()]));
			const failing = own.use(await startReceiver([status(500), answer()]));
			const agents = await Promise.all(Array.from({ length: 19 }, () => house.connect(receiver.url)));
			const last = await house.connect(failing.url);
			const { id } = await house.person.must<{ id: string }>("POST", `${house.project}/requests`, {
				node_id: last.nodeId,
				question: "All of you?",
				targets: [...agents, last].map(({ agentId }) => ({ agent_id: agentId })),
				answer_policy: { kind: "all" },
			});
			const waiting = () => house.detail(id).then(({ deliveries }) => deliveries.find(({ status: now }) => now === "retrying"));
			const { id: deliveryId } = await eventually("one waits", waiting);
			await eventually("19 are done", () => receiver.hits.length === 19);
			await house.retry(deliveryId);
			await house.completed(id);
			equal(receiver.hits.length, 19);
			equal(failing.hits.length, 2);
			const attempts = (await house.detail(id)).deliveries.map(({ attempt_count }) => attempt_count).sort();
			deepEqual(attempts, [...Array.from({ length: 19 }, () => 1), 2]);
			return "19 receivers got it once, the failing one twice";
		},
	},
	{
		id: "E5",
		fault: "Messages in an order, with a head that fails",
		expected: "The order is kept, or the head set aside",
		inapplicable:
			"no order among messages is promised; each names its request, and what belongs together stands in one conversation of the platform.",
	},
];
