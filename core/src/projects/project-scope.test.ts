import { agentRequests, isForeignKeyViolation, messageDeliveries, planNodes, routes } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildAgent, buildIntegration, buildNode, buildProject, someContent } from "../testing.ts";

/** The second fence: even a verb with a wrong filter can't tie a row to another project's. */

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildWhole = async () => {
	const { projectId } = await buildProject(database.db);
	const node = await buildNode(database.db, projectId);
	const agent = await buildAgent(database.db, projectId);
	const integration = await buildIntegration(database.db, projectId);
	return { projectId, planId: node.planId, nodeId: node.id, agentId: agent.id, integrationId: integration.id };
};
type Whole = Awaited<ReturnType<typeof buildWhole>>;

const insertNode = ({ projectId, planId, nodeId }: Whole) =>
	database.db.orm.insert(planNodes).values({ projectId, planId, parentId: nodeId, kind: "task", title: "Task", position: "a1" });
const insertRoute = ({ projectId, agentId, integrationId }: Whole) =>
	database.db.orm.insert(routes).values({ projectId, agentId, integrationId, position: 0 });
const insertPlanRoute = ({ projectId, planId, integrationId }: Whole) =>
	database.db.orm.insert(routes).values({ projectId, planId, integrationId, position: 0 });
const insertRequest = ({ projectId, planId, nodeId }: Whole) =>
	database.db.orm
		.insert(agentRequests)
		.values({ projectId, planId, nodeId, question: "?", answerPolicy: { kind: "first" }, askedBy: "Ada", deadlineAt: new Date() })
		.returning();
const insertDelivery = ({ projectId, integrationId, agentId, agentRequestId }: Whole & { agentRequestId: string }) =>
	database.db.orm
		.insert(messageDeliveries)
		.values({ projectId, integrationId, agentId, agentRequestId, kind: "text", content: someContent });

const isRefused = async (insert: PromiseLike<unknown>) => {
	const error = await Promise.resolve(insert).then(
		() => null,
		(caught: unknown) => caught,
	);
	return isForeignKeyViolation(error);
};

test("the database refuses a node, route, request or delivery whose parent is in another project", async () => {
	const own = await buildWhole();
	const foreign = await buildWhole();
	const [request] = await insertRequest(own);
	const [foreignRequest] = await insertRequest(foreign);
	const delivery = { ...own, agentRequestId: request?.id ?? "" };

	expect({
		"node, plan": await isRefused(insertNode({ ...own, planId: foreign.planId })),
		"node, parent": await isRefused(insertNode({ ...own, nodeId: foreign.nodeId })),
		"route, agent": await isRefused(insertRoute({ ...own, agentId: foreign.agentId })),
		"route, integration": await isRefused(insertRoute({ ...own, integrationId: foreign.integrationId })),
		"route, plan": await isRefused(insertPlanRoute({ ...own, planId: foreign.planId })),
		"request, plan": await isRefused(insertRequest({ ...own, planId: foreign.planId })),
		"request, node": await isRefused(insertRequest({ ...own, nodeId: foreign.nodeId })),
		"request, plan and node": await isRefused(insertRequest({ ...foreign, projectId: own.projectId })),
		"delivery, integration": await isRefused(insertDelivery({ ...delivery, integrationId: foreign.integrationId })),
		"delivery, agent": await isRefused(insertDelivery({ ...delivery, agentId: foreign.agentId })),
		"delivery, request": await isRefused(insertDelivery({ ...delivery, agentRequestId: foreignRequest?.id ?? "" })),
	}).toEqual({
		"node, plan": true,
		"node, parent": true,
		"route, agent": true,
		"route, integration": true,
		"route, plan": true,
		"request, plan": true,
		"request, node": true,
		"request, plan and node": true,
		"delivery, integration": true,
		"delivery, agent": true,
		"delivery, request": true,
	});

	// The same rows with their own parents pass, so it is the project that was refused.
	await insertNode(own);
	await insertRoute(own);
	await insertPlanRoute(own);
	await insertDelivery(delivery);
});
