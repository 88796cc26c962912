import { type Lines, list, read, write } from "./line.ts";
import { freshDecision, freshRequest } from "./scene.ts";

export const decisions: Lines<"decisions"> = {
	createDecision: {
		...write("editor", "decisions:create", async (scene) => {
			const { requestId } = (await freshRequest(scene)).params;
			return { body: { node_id: scene.nodeId, agent_request_id: requestId, question: "Ship it?" } };
		}),
		ofOneAgent: true,
	},
	listDecisions: list("decisions:read"),
	getDecision: { ...read("decisions:read", async (scene) => freshDecision(scene)), ofOneAgent: true },
	decide: write("editor", "decisions:decide", async (scene) => ({
		...(await freshDecision(scene)),
		body: { option_id: "approve" },
	})),
	cancelDecision: write("editor", "decisions:cancel", (scene) => freshDecision(scene)),
};
