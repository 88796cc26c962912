import { randomUUID } from "node:crypto";
import { agentRequests, agentRequestTargets, eq, events, outbox, sql, timers } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inTransaction } from "../context.ts";
import { ForbiddenError, NotFoundError, UnauthorizedError, UnprocessableError } from "../errors.ts";
import { buildAgent, buildContext, buildIntegration, buildMember, buildNode } from "../testing.ts";
import { createRequest } from "./create-request.ts";
import { agentContext, ask, askAndDispatch, buildScene, countPackets, readRequest, type Scene, timersOf } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const requestsOf = ({ db, projectId }: Scene) => db.orm.select().from(agentRequests).where(eq(agentRequests.projectId, projectId));
const day = 86_400_000;

describe("what is written", () => {
	test("the request, its targets, its event with an outbox row, and a timer behind dispatch and deadline", async () => {
		const scene = await buildScene(database.db, 2);
		const owner = { ...scene.owner, requestId: "req-1", traceId: "a".repeat(32) };
		const direct = { integration_id: scene.integration.id, address: "C1" };
		const request = await createRequest(owner, {
			node_id: scene.node.id,
			question: "What?",
			targets: [{ agent_id: scene.agents[1]?.id ?? "" }, direct],
			answer_policy: { kind: "quorum", count: 2 },
		});
		expect(request).toMatchObject({
			status: "queued",
			question: "What?",
			plan_id: scene.node.planId,
			asked_by: "owner",
			targets: [{ agent_id: scene.agents[1]?.id }, direct],
			reason: null,
			closed_at: null,
		});
		expect(await readRequest(scene, request.id)).toMatchObject({ requestId: "req-1", traceId: "a".repeat(32), version: 1 });

		const written = await database.db.orm.select().from(events).where(eq(events.subjectId, request.id));
		expect(written).toMatchObject([
			{
				type: "agent.request.created",
				projectId: scene.projectId,
				requestId: "req-1",
				traceId: "a".repeat(32),
				actor: { type: "user", name: "owner" },
			},
		]);
		expect(
			await database.db.orm
				.select()
				.from(outbox)
				.where(eq(outbox.eventId, written[0]?.id ?? "")),
		).toHaveLength(1);
		const [deadline, dispatch] = await timersOf(scene, request.id);
		expect(deadline?.type).toBe("agent.request.deadline.due");
		expect(Math.abs((deadline?.dueMs ?? 0) - 7 * day)).toBeLessThan(5_000);
		expect(dispatch?.type).toBe("agent.request.dispatch.due");
		expect(Math.abs((dispatch?.dueMs ?? 0) - 60_000)).toBeLessThan(5_000);
	});

	test("nothing at all where the last statement, which goes along with the COMMIT, fails", async () => {
		const scene = await buildScene(database.db);
		const { orm } = database.db;
		await orm.execute(sql`create function refuse() returns trigger language plpgsql as $$ begin raise 'No timers today.'; end $$`);
		await orm.execute(sql`create trigger refuse before insert on timers for each row execute function refuse()`);
		await expect(ask(scene)).rejects.toThrow("No timers today.");
		await orm.execute(sql`drop trigger refuse on timers`);
		expect(await requestsOf(scene)).toEqual([]);
		expect(await orm.select().from(events).where(eq(events.projectId, scene.projectId))).toEqual([]);
		expect(await orm.select().from(timers).where(eq(timers.projectId, scene.projectId))).toEqual([]);
	});

	test("nothing at all where the transaction that the verb joined fails after it", async () => {
		const scene = await buildScene(database.db);
		const undone = inTransaction(scene.owner, async (owner) => {
			await ask({ ...scene, owner });
			throw new Error("Stop");
		});
		await expect(undone).rejects.toThrow("Stop");
		expect(await requestsOf(scene)).toEqual([]);
	});

	test("ids in capital letters are the same ids", async () => {
		const scene = await buildScene(database.db);
		const targets = [
			{ agent_id: scene.agents[0]?.id.toUpperCase() ?? "" },
			{ integration_id: scene.integration.id.toUpperCase(), address: "" },
		];
		const { id } = await ask(scene, { node_id: scene.node.id.toUpperCase(), targets, answer_policy: { kind: "quorum", count: 2 } });
		expect(await database.db.orm.select().from(agentRequestTargets).where(eq(agentRequestTargets.agentRequestId, id))).toHaveLength(2);
	});
});

describe("who may not", () => {
	test("a viewer, a stranger, nobody at all, and an agent with a reply token", async () => {
		const scene = await buildScene(database.db);
		const as = (owner: Scene["owner"]) => ask({ ...scene, owner });
		await expect(as(await buildMember(database.db, scene.projectId, "viewer"))).rejects.toThrow(ForbiddenError);
		const stranger = await buildScene(database.db);
		await expect(as({ ...stranger.owner, projectId: scene.projectId })).rejects.toThrow(NotFoundError);
		await expect(as({ ...buildContext(database.db, { type: "anonymous" }), projectId: scene.projectId })).rejects.toThrow(
			UnauthorizedError,
		);
		expect(await requestsOf(scene)).toEqual([]);
		const { deliveryIds } = await askAndDispatch(scene);
		await expect(as(await agentContext(scene, deliveryIds[0]))).rejects.toThrow(ForbiddenError);
	});

	test("hears that before anything about what they named", async () => {
		const scene = await buildScene(database.db);
		const stranger = await buildScene(database.db);
		const unknown = { node_id: randomUUID(), targets: [{ agent_id: randomUUID() }, { integration_id: randomUUID(), address: "" }] };
		const viewer = await buildMember(database.db, scene.projectId, "viewer");
		for (const overrides of [{}, unknown]) {
			await expect(ask({ ...scene, owner: viewer }, overrides)).rejects.toThrow(ForbiddenError);
			const foreign = { ...stranger.owner, projectId: scene.projectId };
			await expect(ask({ ...scene, owner: foreign }, overrides)).rejects.toThrow(new NotFoundError("project"));
			const nobody = { ...buildContext(database.db, { type: "anonymous" }), projectId: scene.projectId };
			await expect(ask({ ...scene, owner: nobody }, overrides)).rejects.toThrow(UnauthorizedError);
		}
	});
});

describe("what can't be asked", () => {
	const refusal = async (scene: Scene, overrides: Parameters<typeof ask>[1]) => {
		const error = await ask(scene, overrides).catch((caught: unknown) => caught);
		expect(error).toBeInstanceOf(UnprocessableError);
		return (error as UnprocessableError).fields;
	};

	test("on a node of another project", async () => {
		const scene = await buildScene(database.db);
		const foreign = await buildScene(database.db);
		expect(await refusal(scene, { node_id: foreign.node.id })).toMatchObject([{ field: "body.node_id" }]);
		expect(await refusal(scene, { node_id: randomUUID() })).toMatchObject([{ field: "body.node_id" }]);
	});

	test("of agents and integrations of another project, each named by its place", async () => {
		const scene = await buildScene(database.db);
		const foreign = await buildScene(database.db);
		const targets = [
			{ agent_id: scene.agents[0]?.id ?? "" },
			{ agent_id: foreign.agents[0]?.id ?? "" },
			{ integration_id: foreign.integration.id, address: "" },
			// An agent's id is no integration's.
			{ integration_id: randomUUID(), address: "" },
		];
		expect((await refusal(scene, { targets })).map(({ field }) => field)).toEqual([
			"body.targets.1.agent_id",
			"body.targets.2.integration_id",
			"body.targets.3.integration_id",
		]);
		expect(await requestsOf(scene)).toEqual([]);
	});

	test("with a deadline that has passed or is more than a year away", async () => {
		const scene = await buildScene(database.db);
		for (const ms of [-1, 366 * day])
			expect(await refusal(scene, { deadline_at: new Date(Date.now() + ms).toISOString() })).toMatchObject([{ field: "body.deadline_at" }]);
		await ask(scene, { deadline_at: new Date(Date.now() + 364 * day).toISOString() });
	});

	test("by the database's clock, whatever ours says", async () => {
		const scene = await buildScene(database.db);
		const late = { ...scene, owner: { ...scene.owner, now: () => new Date(Date.now() + 30 * day) } };
		const { deadline_at } = await ask(late);
		expect(Math.abs(new Date(deadline_at).getTime() - Date.now() - 7 * day)).toBeLessThan(5_000);
		await ask(late, { deadline_at: new Date(Date.now() + day).toISOString() });
	});

	test("with a quorum above the number asked, where routes of one agent count once", async () => {
		const scene = await buildScene(database.db, 2);
		const agent = await buildAgent(database.db, scene.projectId);
		const second = await buildIntegration(database.db, scene.projectId);
		await ask(scene, { answer_policy: { kind: "quorum", count: 2 } });
		expect(await refusal(scene, { answer_policy: { kind: "quorum", count: 3 } })).toMatchObject([
			{ field: "body.answer_policy.count", message: "must be at most 2" },
		]);
		// An agent without any route can't be counted on.
		const targets = [...scene.agents.map(({ id }) => ({ agent_id: id })), { agent_id: agent.id }];
		await refusal(scene, { targets, answer_policy: { kind: "quorum", count: 3 } });
		const withDirect = [...targets, { integration_id: second.id, address: "C1" }];
		await ask(scene, { targets: withDirect, answer_policy: { kind: "quorum", count: 3 } });
	});
});

test("asking takes two packets: what it must know, and what it writes", async () => {
	const scene = await buildScene(database.db, 2);
	expect(await countPackets(database.db, () => ask(scene))).toBe(2);
});

test("twenty at once on one node are twenty requests", async () => {
	const scene = await buildScene(database.db);
	const other = await buildNode(database.db, scene.projectId);
	await Promise.all(Array.from({ length: 20 }, (_, index) => ask(scene, index % 2 ? {} : { node_id: other.id })));
	const rows = await requestsOf(scene);
	expect(rows).toHaveLength(20);
	expect(await timersOf(scene, ...rows.map(({ id }) => id))).toHaveLength(40);
});
