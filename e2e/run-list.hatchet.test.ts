import { HatchetClient } from "@hatchet-dev/typescript-sdk";
import { expect, inject, onTestFinished, test } from "vitest";
import { eventually } from "../scripts/testing/eventually.ts";
import { startApiAlone } from "./support/api-alone.ts";
import { startCountingAgent } from "./support/counting-agent.ts";
import { hatchetOfTheRun } from "./support/engine-under-test.ts";
import { addRoutedAgent } from "./support/routed-agent.ts";

/** What a person who looks for a request in Hatchet's dashboard asks its API for. */
const openDashboard = () => {
	const { token, tls, hostPort, apiUrl } = inject("hatchet");
	const silence = async () => {};
	const { runs, events } = HatchetClient.init({
		token,
		tls_config: { tls_strategy: tls },
		...(hostPort ? { host_port: hostPort } : {}),
		...(apiUrl ? { api_url: apiUrl } : {}),
		logger: () => ({ debug: silence, info: silence, green: silence, warn: silence, error: silence, util: silence }),
	});
	return { runs, events };
};

test("Hatchet's own list finds a request's runs by its id: the steps, the children under their parent, the trace", async () => {
	await using api = await startApiAlone();
	const agent = await startCountingAgent();
	onTestFinished(() => agent.close());
	await api.startWorker(hatchetOfTheRun());
	const { person, query } = api;
	const { agentId, nodeId } = await addRoutedAgent(person, agent.url);
	const other = await addRoutedAgent(person, agent.url);
	const { id } = await person.must<{ id: string }>("POST", `/projects/${person.projectId}/requests`, {
		node_id: nodeId,
		question: "How is it going?",
		targets: [{ agent_id: agentId }, { agent_id: other.agentId }],
		answer_policy: { kind: "all" },
	});

	const { runs, events } = openDashboard();
	const list = async () => (await runs.list({ additionalMetadata: { agentRequestId: id }, includePayloads: true })).rows ?? [];
	const found = await eventually("all of the request's runs are listed as completed", async () => {
		const rows = await list();
		return rows.length === 5 && rows.every(({ status }) => status === "COMPLETED") ? rows : null;
	});
	expect(found.map(({ workflowName }) => workflowName).sort()).toEqual([
		"deliver-message",
		"deliver-message",
		"dispatch-request",
		"record-response",
		"record-response",
	]);

	const [row] = await query<{ trace_id: string }>("select trace_id from agent_requests where id = $1", [id]);
	expect(row?.trace_id).toMatch(/^[0-9a-f]{32}$/);
	const metadata = {
		agentRequestId: id,
		projectId: person.projectId,
		traceparent: expect.stringMatching(new RegExp(`^00-${row?.trace_id}-[0-9a-f]{16}-01$`)),
	};
	for (const { additionalMetadata } of found) expect(additionalMetadata).toMatchObject(metadata);

	// A DAG of two steps, the second after the first.
	const named = (name: string) => found.filter(({ workflowName }) => workflowName === name);
	const dispatch = await runs.get(named("dispatch-request")[0]?.workflowRunExternalId ?? "");
	const step = (name: string) => dispatch.shape.find(({ taskName }) => taskName === name);
	expect(dispatch.shape).toHaveLength(2);
	expect(step("route")?.childrenStepIds).toEqual([step("fan-out")?.stepId]);
	expect(dispatch.tasks.map(({ status }) => status)).toEqual(["COMPLETED", "COMPLETED"]);
	expect(dispatch.tasks.find(({ actionId }) => actionId === "dispatch-request:fan-out")?.output).toEqual({ value: { deliveries: 2 } });

	// Its children hang below the step that started them, named by what they do and what came of it.
	for (const child of named("deliver-message")) {
		expect(child.parentTaskExternalId).toBe(step("fan-out")?.taskExternalId);
		expect(child.displayName).toMatch(/^deliver-message-\d+$/);
		expect(child.output).toEqual({ value: { outcome: "delivered", attempt: 1 } });
	}

	const told = await events.list({ additionalMetadata: [`agentRequestId:${id}`] });
	expect(told.rows?.map(({ key }) => key).sort()).toEqual(["agent.request.created", "agent.response.received", "agent.response.received"]);
	for (const { additionalMetadata, triggeredRuns } of told.rows ?? []) {
		expect(additionalMetadata).toMatchObject(metadata);
		expect(triggeredRuns).toHaveLength(1);
	}
});
