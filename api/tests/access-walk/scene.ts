import { randomUUID } from "node:crypto";
import { RespondInput } from "@agentplanner/contracts";
import { createRequest, type ProjectContext, respondToRequest } from "@agentplanner/core";
import { buildAgent, buildIntegration, buildNode, buildProject, someContent } from "@agentplanner/core/testing";
import { agentRequests, eq, messageDeliveries, sql, userSessions } from "@agentplanner/db";
import { hashSecret } from "../../../core/src/secret.ts";
import type { TestApi } from "../start-api.ts";
import { email, password } from "./values.ts";

type Furniture = { api: TestApi; owner: ProjectContext; nodeId: string; agentId: string; integrationId: string };

/** An open request that was delivered to the scene's agent. */
export const freshRequest = async ({ api, owner, nodeId, agentId, integrationId }: Furniture) => {
	const { projectId } = owner;
	const { id: requestId } = await createRequest(owner, {
		node_id: nodeId,
		question: "Ready?",
		targets: [],
		answer_policy: { kind: "first" },
	});
	const [delivery] = await api.db.orm
		.insert(messageDeliveries)
		.values({
			projectId,
			integrationId,
			agentId,
			agentRequestId: requestId,
			kind: "request",
			content: someContent,
			status: "delivered",
		})
		.returning({ id: messageDeliveries.id });
	await api.db.orm.update(agentRequests).set({ status: "dispatched" }).where(eq(agentRequests.id, requestId));
	return { params: { requestId, deliveryId: delivery?.id ?? "" } };
};

/** A pending decision that the scene's agent asked for. */
export const freshDecision = async (scene: Furniture) => {
	const { requestId, deliveryId } = (await freshRequest(scene)).params;
	const actor = { type: "agent" as const, agentId: scene.agentId, agentRequestId: requestId, deliveryId, name: "Agent" };
	const input = RespondInput.parse({ type: "decision_required", text: "Ship it?" });
	const { decision_id } = await respondToRequest({ ...scene.owner, actor }, requestId, input);
	return { params: { decisionId: decision_id ?? "" } };
};

export const buildScene = async (api: TestApi) => {
	const owner = await buildProject(api.db, "Walked");
	const { projectId } = owner;
	const node = await buildNode(api.db, projectId);
	const agent = await buildAgent(api.db, projectId);
	const integration = await buildIntegration(api.db, projectId);
	const account = { email: email(), password };
	const made = await api.caller().call("POST", "/api/v1/auth/register", { body: { ...account, name: "Account" } });
	if (made.status !== 201) throw new Error(JSON.stringify(made.body));
	const scene = { api, owner, nodeId: node.id, agentId: agent.id, integrationId: integration.id };
	const { params } = await freshRequest(scene);
	const ids = { projectId, planId: node.planId, nodeId: node.id, agentId: agent.id, integrationId: integration.id };
	return { ...scene, account, params: { ...ids, ...params } as Record<string, string> };
};
export type Scene = Awaited<ReturnType<typeof buildScene>>;

export const openSession = async (api: TestApi, userId: string) => {
	const [token, csrf] = [randomUUID(), randomUUID()];
	const [session] = await api.db.orm
		.insert(userSessions)
		.values({ userId, tokenHash: hashSecret(token), csrfToken: csrf, expiresAt: sql`now() + interval '1 hour'` })
		.returning();
	return { id: session?.id ?? "", headers: { cookie: `sid=${token}`, "x-csrf-token": csrf } };
};
