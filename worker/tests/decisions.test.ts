import { CreateDecisionInput, decisionPath } from "@agentplanner/contracts";
import { createDecision, decide, findViolations, getDecision, listDecisions, type ProjectContext } from "@agentplanner/core";
import { buildIntegration, buildNode, buildProject } from "@agentplanner/core/testing";
import { expect, test } from "vitest";
import { answer, ask, makeDue, pause, startReceiver, until, untilRequest, useWorker } from "./harness.ts";

const database = useWorker();

/** A decision of which a webhook is told. */
const requestDecision = async (url: string, overrides: Partial<CreateDecisionInput> = {}) => {
	const ctx: ProjectContext = await buildProject(database().db);
	const integration = await buildIntegration(database().db, ctx.projectId, url);
	const node = await buildNode(database().db, ctx.projectId);
	const input = { node_id: node.id, question: "Publish it?", notify: [{ integration_id: integration.id }], ...overrides };
	const decision = await createDecision(ctx, CreateDecisionInput.parse(input));
	return { ctx, decision };
};

test("people are told with a link that opens the page, and told again how it ended", async () => {
	const receiver = await startReceiver(() => ({ status: 204 }));
	const { ctx, decision } = await requestDecision(receiver.url);
	const { id: decisionId, plan, node } = decision;
	await until(async () => (await getDecision(ctx, decisionId)).deliveries.some(({ status }) => status === "delivered"));
	const link = decisionPath({ projectId: ctx.projectId, planId: plan.id, nodeId: node.id, decisionId });
	expect(receiver.hits[0]?.body).toMatchObject({
		type: "decision.requested",
		data: { decision_id: decisionId, question: "Publish it?", decide_url: `https://planner.example.org${link}` },
	});
	expect(receiver.hits[0]?.body.data).not.toHaveProperty("reply_token");

	await decide(ctx, decisionId, { option_id: "approve", comment: "Go." });
	await until(() => receiver.hits.length === 2);
	expect(receiver.hits[1]?.body).toMatchObject({
		type: "decision.closed",
		data: {
			decision_id: decisionId,
			status: "decided",
			summary: "Decided by owner via the web: Approve.",
			option: { id: "approve", label: "Approve" },
		},
	});
	await until(async () => (await findViolations(ctx)).length === 0);
});

test("an agent asks in its HTTP response, hears what was decided at the same hook, and answers", async () => {
	const receiver = await startReceiver(({ body }) =>
		body.type === "agent.request.decided"
			? answer(`Done: ${(body.data.option as { label: string }).label}`)
			: {
					status: 200,
					body: {
						type: "decision_required",
						text: "Publish it?",
						options: [
							{ id: "now", label: "Now" },
							{ id: "later", label: "Later" },
						],
					},
				},
	);
	const asked = await ask(database().db, receiver.url);
	const [decision] = await until(async () => {
		const { items } = await listDecisions(asked.ctx, { limit: 9 });
		return items.length > 0 && items;
	});
	expect(decision).toMatchObject({ agent_request_id: asked.id, status: "pending", asked_by_agent_id: expect.any(String) });
	await decide(asked.ctx, decision?.id ?? "", { option_id: "later", comment: "Not today." });
	const detail = await untilRequest(asked, "completed");
	expect(detail.responses).toMatchObject([{ kind: "answer", text: "Done: Later" }]);
	// Who answered isn't told that it is over.
	await pause(500);
	expect(receiver.hits.map(({ body }) => body.type)).toEqual(["agent.request.created", "agent.request.decided"]);
	expect(receiver.hits[1]?.body.data).toMatchObject({ status: "decided", comment: "Not today.", closed_by: "owner" });
	expect(await findViolations(asked.ctx)).toEqual([]);
});

test("its deadline ends it by its rule", async () => {
	const receiver = await startReceiver(() => ({ status: 204 }));
	const { ctx, decision } = await requestDecision(receiver.url, {
		expires_at: new Date(Date.now() + 3_600_000).toISOString(),
		on_expiry: "reject",
	});
	await until(() => receiver.hits.length === 1);
	await database().db.pool.query("update decision_requests set expires_at = date_trunc('milliseconds', now()) where id = $1", [
		decision.id,
	]);
	await makeDue(database().db, decision.id, "agent.decision.expiry.due");
	await until(() => receiver.hits.length === 2);
	expect((await getDecision(ctx, decision.id)).decision).toMatchObject({ status: "expired", option_id: "reject", closed_by: null });
	expect(receiver.hits[1]?.body.data).toMatchObject({
		status: "expired",
		summary: "Nobody decided before its deadline, so it ended as: Reject.",
	});
});
