import { expect, test } from "vitest";
import { eventually } from "../scripts/testing/eventually.ts";
import { startApiAlone } from "./support/api-alone.ts";
import type { EngineUnderTest } from "./support/engine-under-test.ts";
import { addRoutedAgent } from "./support/routed-agent.ts";
import { type Answer, startScriptedAgent } from "./support/scripted-agent.ts";

type Detail = { request: { status: string }; responses: { text: string }[] };

/** An agent that is down at first, then asks back, then answers later at the reply URL. */
const script = ({ type }: { type: string }, number: number): Answer => {
	if (number === 1) return { status: 500 };
	if (type === "agent.request.created") return { status: 200, body: { type: "input_required", text: "Which quarter?" } };
	return { status: 202 };
};

export const conversation = (engine: EngineUnderTest) => {
	test("a question reaches an agent that was down, its own question comes back, and its late answer ends the request", async () => {
		await using api = await startApiAlone();
		const agent = await startScriptedAgent(script);
		try {
			await api.startWorker(engine);
			const { person } = api;
			const project = `/projects/${person.projectId}`;
			const { agentId, nodeId } = await addRoutedAgent(person, agent.url);
			const asked = { node_id: nodeId, question: "How much did we sell?", targets: [{ agent_id: agentId }] };
			const { id } = await person.must<{ id: string }>("POST", `${project}/requests`, asked);
			const untilStatus = (status: string) =>
				eventually(`the request is ${status}`, async () => {
					const detail = await person.must<Detail>("GET", `${project}/requests/${id}`);
					return detail.request.status === status ? detail : null;
				});

			await untilStatus("input_required");
			const [refused, accepted] = agent.messages;
			expect(agent.messages).toHaveLength(2);
			expect(accepted?.data.question).toBe("How much did we sell?");
			expect(accepted?.headers["webhook-id"]).toBe(refused?.headers["webhook-id"]);

			await person.must("POST", `${project}/requests/${id}/replies`, { text: "The first one." });
			const replied = await eventually("the reply reaches the agent", () => agent.messages[2]);
			expect(replied).toMatchObject({ type: "agent.request.replied", data: { text: "The first one." } });
			const response = await fetch(replied.data.reply_url, {
				method: "POST",
				headers: { "content-type": "application/json", authorization: `Bearer ${replied.data.reply_token}` },
				body: JSON.stringify({ type: "answer", text: "1,200 pieces." }),
			});
			expect(response.status).toBe(202);

			const { responses } = await untilStatus("completed");
			expect(responses.map(({ text }) => text).sort()).toEqual(["1,200 pieces.", "Which quarter?"]);
			expect(agent.messages.filter(({ type }) => type !== "agent.request.closed")).toHaveLength(3);
		} finally {
			await agent.close();
		}
	});
};
