import { randomUUID } from "node:crypto";
import { eq, planCollaborators, plans, routes, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DomainError } from "../errors.ts";
import { getNode } from "../plans/get-node.ts";
import { ask, askAndDispatch, buildScene, countPackets, eventsOf, type Scene, timersOf } from "../requests/testing.ts";
import { buildIntegration, buildMember, buildNode, buildProject } from "../testing.ts";
import { findViolations } from "../upkeep/find-violations.ts";
import { linkAccount } from "../users/link-account.ts";
import { decide } from "./decide.ts";
import { getDecision } from "./get-decision.ts";
import { listDecisions } from "./list-decisions.ts";
import { buildEditor, inAnHour, messagesOf, requestDecision, scriptOf, tellPeople } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const fieldsOf = async (work: Promise<unknown>) => {
	const refusal = await work.then(
		() => null,
		(error: DomainError) => error,
	);
	return refusal?.fields.map(({ field }) => field) ?? refusal;
};

/** The scene's agent, with its own token. */
const agentOf = (scene: Scene) => {
	const { actor } = scriptOf(scene, scene.owner, ["decisions:create", "decisions:read"]);
	const agent = scene.agents[0];
	return { ...scene.system, actor: { ...actor, userId: null, agentId: agent?.id ?? "", name: agent?.name ?? "" } };
};

test("is stored with its timer and its event, and read with the names of what it is about", async () => {
	const scene = await buildScene(database.db);
	const { id: agent_request_id } = await ask(scene);
	const recommendation = { option_id: "approve", reason: "It is short." };
	const asked = { expires_at: inAnHour(), on_expiry: "approve", details: "**Text**", agent_request_id, recommendation } as const;
	const decision = await requestDecision(scene, asked);
	expect(decision).toMatchObject({
		status: "pending",
		plan: { title: "Launch" },
		node: { id: scene.node.id, title: scene.node.title },
		options: [{ id: "approve" }, { id: "reject" }, { id: "revise" }],
		recommendation: { option_id: "approve", reason: "It is short." },
		urgency: "can_continue",
		agent_request_id,
		asked_by: "owner",
		asked_by_agent_id: null,
	});
	expect(await getDecision(scene.owner, decision.id)).toEqual({ decision, deliveries: [] });
	expect((await timersOf(scene, decision.id)).map(({ type }) => type)).toEqual(["agent.decision.expiry.due"]);
	expect(await eventsOf(scene, decision.id)).toEqual(["requested"]);
	await database.db.orm.execute(sql`delete from timers where subject_id = ${decision.id}`);
	expect(await findViolations(scene.system)).toEqual([{ rule: "pending decision without a timer", subject: decision.id }]);
	await database.db.orm.execute(sql`delete from decision_requests where id = ${decision.id}`);
});

test("is listed newest first, by node, request and status, in pages, and in no other project", async () => {
	const scene = await buildScene(database.db);
	const first = await requestDecision(scene);
	const second = await requestDecision(scene);
	const page = await listDecisions(scene.owner, { limit: 1, node_id: scene.node.id, status: "pending" });
	expect(page).toEqual({ items: [second], next_cursor: second.id });
	expect((await listDecisions(scene.owner, { limit: 1, cursor: second.id })).items).toEqual([first]);
	expect((await listDecisions(scene.owner, { limit: 9, status: "decided" })).items).toEqual([]);
	expect((await listDecisions(scene.owner, { limit: 9, agent_request_id: randomUUID() })).items).toEqual([]);
	expect((await listDecisions(await buildProject(database.db), { limit: 9 })).items).toEqual([]);
});

describe("people are told", () => {
	test("by the plan's routes, else by the project's; each route gets a message with its own timer", async () => {
		const scene = await buildScene(database.db);
		await tellPeople(scene);
		const { id } = await requestDecision(scene);
		const [message] = await messagesOf(scene, id);
		expect(message).toMatchObject({
			kind: "decision",
			status: "queued",
			agentRequestId: null,
			content: {
				...{ kind: "decision", decision_id: id, question: "Publish it?", asked_by: "owner", node: { title: scene.node.title } },
				...{ urgency: "can_continue", recommendation: null },
			},
		});
		expect(await eventsOf(scene, message?.id ?? "")).toEqual(["queued"]);
		expect(await timersOf(scene, message?.id ?? "")).toHaveLength(1);

		const { projectId, node, integration } = scene;
		const ofPlan = { projectId, planId: node.planId, integrationId: integration.id };
		await database.db.orm.insert(routes).values([
			{ ...ofPlan, address: "#one", position: 0 },
			{ ...ofPlan, address: "#two", position: 1 },
		]);
		const { id: another } = await requestDecision(scene);
		expect((await messagesOf(scene, another)).map(({ address }) => address)).toEqual(["#one", "#two"]);
	});

	test("where the asker says, if anywhere", async () => {
		const scene = await buildScene(database.db);
		await tellPeople(scene);
		const elsewhere = await buildIntegration(database.db, scene.projectId);
		const { id } = await requestDecision(scene, { notify: [{ integration_id: elsewhere.id.toUpperCase(), address: "#board" }] });
		expect(await messagesOf(scene, id)).toMatchObject([{ integrationId: elsewhere.id, address: "#board" }]);
	});

	test("each by the account that they linked, if the asker names members; who has none is named", async () => {
		const scene = await buildScene(database.db);
		const account = { adapter: "chat", externalAccount: randomUUID() };
		const chat = await buildIntegration(database.db, scene.projectId, undefined, account);
		const { ctx: editor, userId: user_id } = await buildEditor(scene);
		const notify = [{ integration_id: scene.integration.id, address: "#board" }, { user_id }];
		expect(await fieldsOf(requestDecision(scene, { notify }))).toEqual(["body.notify.1.user_id"]);
		const { externalAccount, adapter: provider } = account;
		await linkAccount(editor, { provider, externalAccount, externalUserId: "P1", name: "Ed" });
		const { id } = await requestDecision(scene, { notify, decider_ids: [user_id] });
		expect(await messagesOf(scene, id)).toMatchObject([{ address: "#board" }, { integrationId: chat.id, address: "@P1" }]);
		const packets = (members: number) =>
			countPackets(database.db, () => requestDecision(scene, { notify: Array.from({ length: members }, () => ({ user_id })) }));
		expect(await packets(10)).toBe(await packets(1));
		const viewer = await buildMember(database.db, scene.projectId, "viewer");
		await expect(requestDecision(scene, { notify }, viewer)).rejects.toMatchObject({ code: "forbidden" });
	});
});

describe("is refused, naming the field,", () => {
	test.each([
		[
			"a node of another project",
			async () => ({ node_id: (await buildNode(database.db, (await buildProject(database.db)).projectId)).id }),
			"node_id",
		],
		[
			"a request of another node",
			async (scene: Scene) => ({ agent_request_id: (await ask({ ...scene, node: await buildNode(database.db, scene.projectId) })).id }),
			"agent_request_id",
		],
		["a stranger as decider", async () => ({ decider_ids: [randomUUID()] }), "decider_ids.0"],
		[
			"a viewer as decider",
			async ({ projectId }: Scene) => {
				const { actor } = await buildMember(database.db, projectId, "viewer");
				return { decider_ids: [actor.type === "user" ? actor.userId : ""] };
			},
			"decider_ids.0",
		],
		[
			"an integration of another project",
			async () => ({
				notify: [{ integration_id: (await buildIntegration(database.db, (await buildProject(database.db)).projectId)).id, address: "" }],
			}),
			"notify.0.integration_id",
		],
		["a deadline in the past", async () => ({ expires_at: "2026-01-01T00:00:00Z" }), "expires_at"],
		["a deadline that is too far away", async () => ({ expires_at: "2099-01-01T00:00:00Z" }), "expires_at"],
		[
			"more people for what nobody has to decide",
			async () => ({ on_expiry: "escalate" as const, urgency: "informational" as const, expires_at: inAnHour() }),
			"on_expiry",
		],
		["a rule without a deadline", async () => ({ on_expiry: "escalate" as const }), "expires_at"],
		[
			"a rule without its option",
			async () => ({
				on_expiry: "approve" as const,
				expires_at: inAnHour(),
				options: [
					{ id: "a", label: "A" },
					{ id: "b", label: "B" },
				],
			}),
			"on_expiry",
		],
	])("%s", async (_, change, field) => {
		const scene = await buildScene(database.db);
		expect(await fieldsOf(requestDecision(scene, await change(scene)))).toEqual([`body.${field}`]);
	});
});

test("about a private plan asks and tells those alone who see it, by their role in it", async () => {
	const scene = await buildScene(database.db);
	const account = { adapter: "chat", externalAccount: randomUUID() };
	await buildIntegration(database.db, scene.projectId, undefined, account);
	const { ctx, userId } = await buildEditor(scene);
	await linkAccount(ctx, { provider: "chat", externalAccount: account.externalAccount, externalUserId: "P1", name: "Ed" });
	const { actor } = await buildMember(database.db, scene.projectId, "guest");
	const guestId = actor.type === "user" ? actor.userId : "";
	const { projectId, node } = scene;
	const share = (id: string, role: "viewer" | "editor") =>
		database.db.orm.insert(planCollaborators).values({ projectId, planId: node.planId, userId: id, role });
	await database.db.orm.update(plans).set({ visibility: "private" }).where(eq(plans.id, node.planId));
	await share(guestId, "editor");
	const named = { decider_ids: [guestId, userId], notify: [{ user_id: userId }] };
	expect(await fieldsOf(requestDecision(scene, named))).toEqual(["body.decider_ids.1", "body.notify.0.user_id"]);
	await share(userId, "viewer");
	expect(await fieldsOf(requestDecision(scene, named))).toEqual(["body.decider_ids.1"]);
	const { deciders } = await requestDecision(scene, { ...named, decider_ids: [guestId.toUpperCase()] });
	expect(deciders.map(({ user_id }) => user_id)).toEqual([guestId]);
});

test("a script lets a deadline approve only if it could decide at once", async () => {
	const scene = await buildScene(database.db);
	const { ctx } = await buildEditor(scene);
	const approving = { expires_at: inAnHour(), on_expiry: "approve" as const };
	expect(await fieldsOf(requestDecision(scene, approving, scriptOf(scene, ctx, ["decisions:create"])))).toEqual(["body.on_expiry"]);
	const decision = await requestDecision(scene, approving, scriptOf(scene, ctx, ["decisions:create", "decisions:decide"]));
	expect(decision).toMatchObject({ status: "pending", asked_by: "editor (CI)" });
});

describe("an agent with its own token", () => {
	test("asks within a request that it got, sees that one alone, and leaves to people what is theirs", async () => {
		const scene = await buildScene(database.db, 2);
		await requestDecision(scene);
		const agent = agentOf(scene);
		const { id, deliveryIds } = await askAndDispatch(scene);
		const input = { agent_request_id: id };
		const made = await requestDecision(scene, input, agent);
		expect(made).toMatchObject({ asked_by: scene.agents[0]?.name, asked_by_agent_id: scene.agents[0]?.id, agent_request_id: id });
		expect(await eventsOf(scene, id)).toContain("working");
		expect(await eventsOf(scene, deliveryIds[0])).toContain("acknowledged");
		expect((await listDecisions(agent, { limit: 9 })).items).toEqual([made]);

		const greedy = { ...input, decider_ids: [randomUUID()], notify: [{ integration_id: scene.integration.id, address: "" }] };
		expect(await fieldsOf(requestDecision(scene, greedy, agent))).toEqual(["body.decider_ids", "body.notify"]);
		expect(await fieldsOf(requestDecision(scene, { ...input, expires_at: inAnHour(), on_expiry: "approve" }, agent))).toEqual([
			"body.on_expiry",
		]);
		const { id: others } = await askAndDispatch(scene, { targets: [{ agent_id: scene.agents[1]?.id ?? "" }] });
		await expect(requestDecision(scene, { agent_request_id: others }, agent)).rejects.toMatchObject({ code: "not_found" });
	});

	test("asks of what it works on by itself, and is told by its own route, on approve, reject and revise alike", async () => {
		const scene = await buildScene(database.db);
		await tellPeople(scene);
		for (const option_id of ["approve", "reject", "revise"]) {
			const { id, ...made } = await requestDecision(scene, { urgency: "blocking" }, agentOf(scene));
			expect(made).toMatchObject({ asked_by: scene.agents[0]?.name, asked_by_agent_id: scene.agents[0]?.id, agent_request_id: null });
			expect((await getNode(scene.owner, scene.node.id)).status).toBe("blocked");
			await decide(scene.owner, id, { option_id, comment: "Shorter." });
			expect((await getNode(scene.owner, scene.node.id)).status).toBe("not_started");
			const [word, outcome] = await messagesOf(scene, id);
			expect(word).toMatchObject({ kind: "decision" });
			expect(outcome).toMatchObject({
				...{ kind: "decision_outcome", status: "queued", agentRequestId: null },
				...{ agentId: scene.agents[0]?.id, integrationId: scene.integration.id },
				content: { status: "decided", option: { id: option_id }, comment: "Shorter." },
			});
		}
		expect(
			await fieldsOf(requestDecision(scene, { notify: [{ integration_id: scene.integration.id, address: "" }] }, agentOf(scene))),
		).toEqual(["body.notify"]);
		const foreign = await buildNode(database.db, (await buildProject(database.db)).projectId);
		expect(await fieldsOf(requestDecision(scene, { node_id: foreign.id }, agentOf(scene)))).toEqual(["body.node_id"]);
	});

	test("has at most 20 pending in a request, and 20 outside of any", async () => {
		const scene = await buildScene(database.db);
		const { id } = await askAndDispatch(scene);
		for (const within of [{ agent_request_id: id }, {}]) {
			const results = await Promise.allSettled(Array.from({ length: 22 }, () => requestDecision(scene, within, agentOf(scene))));
			expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(20);
		}
	});
});

test("viewers and strangers request none", async () => {
	const scene = await buildScene(database.db);
	const viewer = await buildMember(database.db, scene.projectId, "viewer");
	await expect(requestDecision(scene, {}, viewer)).rejects.toMatchObject({ code: "forbidden" });
	const stranger = { ...(await buildProject(database.db)), projectId: scene.projectId };
	await expect(requestDecision(scene, {}, stranger)).rejects.toMatchObject({ code: "not_found" });
});
