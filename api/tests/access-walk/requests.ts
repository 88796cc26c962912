import { randomUUID } from "node:crypto";
import { agentRequests, agentResponses, eq } from "@agentplanner/db";
import { type Lines, list, read, write } from "./line.ts";
import { freshRequest } from "./scene.ts";

export const requests: Lines<"requests"> = {
	createRequest: write("editor", "requests:create", ({ nodeId }) => ({ body: { node_id: nodeId, question: "Ready?" } })),
	previewRequest: { ...read("plans:read", ({ nodeId }) => ({ body: { node_id: nodeId } })), asksAboutPlan: true },
	listRequests: list("requests:read"),
	getRequest: read("requests:read"),
	cancelRequest: write("editor", "requests:cancel", (scene) => freshRequest(scene)),
	respondToRequest: {
		...write("editor", "requests:answer", async (scene) => ({ ...(await freshRequest(scene)), body: { type: "answer", text: "Yes" } })),
		byReplyToken: true,
	},
	acknowledgeRequest: { ...write("editor", "requests:answer", (scene) => freshRequest(scene)), byReplyToken: true },
	reportProgress: {
		...write("editor", "requests:answer", async (scene) => ({ ...(await freshRequest(scene)), body: { text: "Half" } })),
		byReplyToken: true,
	},
	replyToAgent: write("editor", "requests:create", async (scene) => {
		const { params } = await freshRequest(scene);
		await scene.api.db.orm.update(agentRequests).set({ status: "input_required" }).where(eq(agentRequests.id, params.requestId));
		await scene.api.db.orm.insert(agentResponses).values({
			projectId: scene.owner.projectId,
			agentRequestId: params.requestId,
			deliveryId: params.deliveryId,
			agentId: scene.agentId,
			respondent: `agent:${scene.agentId}`,
			respondentName: "Agent",
			kind: "input_required",
			text: "Which?",
			externalId: randomUUID(),
			outcome: "accepted",
			appliedAt: new Date(),
		});
		return { params, body: { text: "This one" } };
	}),
};
