import type { RequestTarget, Scope } from "@agentplanner/contracts";
import { eq, plans } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setRoutes } from "../agents/set-routes.ts";
import { ForbiddenError, NotFoundError } from "../errors.ts";
import { buildAgent, buildIntegration, buildMember, userIdOf } from "../testing.ts";
import { dispatchRequest } from "./dispatch-request.ts";
import { previewRequest } from "./preview-request.ts";
import { resolveDestinations } from "./resolve-destinations.ts";
import { agentContext, ask, askAndDispatch, buildScene, deliveriesOf, readRequest, type Scene } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const route = (integration: { id: string }, address = "") => ({ integration_id: integration.id, address });
const resolve = async (scene: Scene, targets: RequestTarget[]) =>
	(await resolveDestinations(scene.system, scene.node.planId, targets)).map(
		({ source, agent, integrationId, address }) =>
			`${source} ${agent?.name ?? "-"} ${integrationId === scene.integration.id ? "" : "other/"}${address}`,
	);

test("an agent goes by its own routes in order, else by the plan's, else by the project's, else nowhere", async () => {
	const scene = await buildScene(database.db, 0);
	const agent = await buildAgent(database.db, scene.projectId, "Ada");
	const other = await buildIntegration(database.db, scene.projectId);
	const targets = [{ agent_id: agent.id }];
	expect(await resolve(scene, targets)).toEqual([]);
	await setRoutes(scene.owner, "project", { routes: [route(scene.integration, "project")] }, null);
	expect(await resolve(scene, targets)).toEqual(["project Ada project"]);
	await setRoutes(
		scene.owner,
		{ planId: scene.node.planId },
		{ routes: [route(scene.integration, "plan-2"), route(other, "plan-1")] },
		null,
	);
	expect(await resolve(scene, targets)).toEqual(["plan Ada plan-2", "plan Ada other/plan-1"]);
	await setRoutes(scene.owner, { agentId: agent.id }, { routes: [route(other, "b"), route(scene.integration, "a")] }, null);
	expect(await resolve(scene, targets)).toEqual(["agent Ada other/b", "agent Ada a"]);
});

test("without targets it goes to the plan's routes, else to the project's, for nobody in particular", async () => {
	const scene = await buildScene(database.db, 1);
	expect(await resolve(scene, [])).toEqual([]);
	await setRoutes(scene.owner, "project", { routes: [route(scene.integration, "project")] }, null);
	expect(await resolve(scene, [])).toEqual(["project - project"]);
	await setRoutes(scene.owner, { planId: scene.node.planId }, { routes: [route(scene.integration, "plan")] }, null);
	expect(await resolve(scene, [])).toEqual(["plan - plan"]);
	const elsewhere = await buildScene(database.db, 0);
	await setRoutes(elsewhere.owner, "project", { routes: [route(elsewhere.integration, "foreign")] }, null);
	expect(await resolve(scene, [])).toEqual(["plan - plan"]);
});

test("what is in a private plan doesn't go by the project's routes, where others read along", async () => {
	const scene = await buildScene(database.db, 1);
	const agent = await buildAgent(database.db, scene.projectId, "Ada");
	await setRoutes(scene.owner, "project", { routes: [route(scene.integration, "project")] }, null);
	await database.db.orm.update(plans).set({ visibility: "private" }).where(eq(plans.id, scene.node.planId));
	expect(await resolve(scene, [])).toEqual([]);
	expect(await resolve(scene, [{ agent_id: agent.id }])).toEqual([]);
	expect(await resolve(scene, [{ agent_id: scene.agents[0]?.id ?? "" }])).toEqual([`agent ${scene.agents[0]?.name} `]);
	expect(await resolve(scene, [route(scene.integration, "C1")])).toEqual(["request - C1"]);
	await setRoutes(scene.owner, { planId: scene.node.planId }, { routes: [route(scene.integration, "plan")] }, null);
	expect(await resolve(scene, [])).toEqual(["plan - plan"]);
});

test("a route that is asked directly is taken as it is; what is asked twice is asked once", async () => {
	const scene = await buildScene(database.db, 0);
	const [ada, grace] = [await buildAgent(database.db, scene.projectId, "Ada"), await buildAgent(database.db, scene.projectId, "Grace")];
	await setRoutes(scene.owner, "project", { routes: [route(scene.integration, "C1")] }, null);
	const direct = route(scene.integration, "C1");
	const targets = [{ agent_id: ada.id }, direct, { agent_id: grace.id }, direct, { agent_id: ada.id }, route(scene.integration, "C2")];
	// Two agents behind one channel are two to ask.
	expect(await resolve(scene, targets)).toEqual(["project Ada C1", "request - C1", "project Grace C1", "request - C2"]);
});

test("the preview is what dispatch then does, writes nothing, and says what would hold it", async () => {
	const scene = await buildScene(database.db, 2);
	const resting = await buildIntegration(database.db, scene.projectId, undefined, { enabled: false, disabledReason: "Being moved." });
	const targets = [...scene.agents.map(({ id }) => ({ agent_id: id })), route(resting, "C9")];
	const preview = await previewRequest(scene.owner, { node_id: scene.node.id, targets });
	const { id } = await ask(scene, { targets });
	await dispatchRequest(scene.system, id);
	const deliveries = await deliveriesOf(scene, id);
	const key = (agent: string | null | undefined, integration: string, address: string) => [agent ?? null, integration, address].join("/");
	expect(preview.destinations.map((one) => key(one.agent?.id, one.integration_id, one.address)).toSorted()).toEqual(
		deliveries.map((one) => key(one.agentId, one.integrationId, one.address)).toSorted(),
	);
	expect(deliveries.find(({ address }) => address === "C9")).toMatchObject({ agentId: null, content: { agent: null } });
	expect(preview.context).toEqual((await readRequest(scene, id)).context);
	expect(preview.problem).toBeNull();
	expect(preview.destinations.map(({ held }) => held?.code ?? null)).toEqual([null, null, "integration_disabled"]);
	expect(preview.destinations[2]?.held?.message).toContain("Being moved.");
	expect(preview.destinations.map(({ source }) => source)).toEqual(["agent", "agent", "request"]);
});

test("the preview of what can't be sent names the problem; an unknown node is not found", async () => {
	const scene = await buildScene(database.db, 0);
	const preview = await previewRequest(scene.owner, { node_id: scene.node.id, targets: [] });
	expect(preview).toMatchObject({ destinations: [], problem: { code: "no_route" } });
	const foreign = await buildScene(database.db);
	await expect(previewRequest(scene.owner, { node_id: foreign.node.id, targets: [] })).rejects.toThrow(NotFoundError);
	// Another project's agent is no destination here, nor leads it to the project's own routes.
	await setRoutes(scene.owner, "project", { routes: [route(scene.integration)] }, null);
	const targets = [{ agent_id: foreign.agents[0]?.id ?? "" }, route(foreign.integration)];
	expect((await previewRequest(scene.owner, { node_id: scene.node.id, targets })).destinations).toEqual([]);
});

test("the preview shows an agent nothing of what was asked before, nor a script that may not read it", async () => {
	const scene = await buildScene(database.db);
	await ask(scene);
	const history = async (actor: { userId: string | null; agentId: string | null; scopes: Scope[] }) => {
		const token = { type: "token" as const, tokenId: crypto.randomUUID(), name: "CI", projectId: scene.projectId, ...actor };
		const ctx = { ...scene.owner, actor: token };
		return (await previewRequest(ctx, { node_id: scene.node.id, targets: [] })).context.history.length;
	};
	const userId = userIdOf(scene.owner);
	expect(await history({ userId: null, agentId: scene.agents[0]?.id ?? "", scopes: ["plans:read", "requests:read"] })).toBe(0);
	expect(await history({ userId, agentId: null, scopes: ["plans:read"] })).toBe(0);
	expect(await history({ userId, agentId: null, scopes: ["plans:read", "requests:read"] })).toBe(1);
});

test("a viewer may preview, a stranger and an agent may not", async () => {
	const scene = await buildScene(database.db);
	const input = { node_id: scene.node.id, targets: [] };
	await previewRequest(await buildMember(database.db, scene.projectId, "viewer"), input);
	const stranger = await buildScene(database.db);
	await expect(previewRequest({ ...stranger.owner, projectId: scene.projectId }, input)).rejects.toThrow(NotFoundError);
	const { deliveryIds } = await askAndDispatch(scene);
	await expect(previewRequest(await agentContext(scene, deliveryIds[0]), input)).rejects.toThrow(ForbiddenError);
});
