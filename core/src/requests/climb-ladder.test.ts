import type { Ladder } from "@agentplanner/contracts";
import { agents, and, eq, linkedAccounts, messageDeliveries, messagingIntegrations, plans, projects, routes, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inTransaction } from "../context.ts";
import { lockDeliveries } from "../deliveries/close-deliveries.ts";
import { updateProject } from "../projects/update-project.ts";
import { recordResponse } from "../responses/record-response.ts";
import { userIdOf } from "../testing.ts";
import { acknowledgeRequest, reportProgress } from "./acknowledge-request.ts";
import { climbLadder } from "./climb-ladder.ts";
import { expireRequest } from "./expire-request.ts";
import { getRequest } from "./get-request.ts";
import { lockRequest } from "./lock-request.ts";
import { reopenRequest } from "./reopen-request.ts";
import { replyToAgent } from "./reply-to-agent.ts";
import {
	agentContext,
	askAndDispatch,
	attempt,
	buildScene,
	claim,
	delivered,
	deliveriesOf,
	eventsOf,
	failed,
	passDeadline,
	passStep,
	readRequest,
	type Scene,
	say,
	sayAndRecord,
	timersOf,
} from "./testing.ts";

/** nudge after 10 minutes, escalate after 20, give up after 30. */
const ladder: Ladder = {
	acknowledge_within_minutes: null,
	progress_within_minutes: null,
	steps: [
		{ after_minutes: 10, of: "dispatch", do: "nudge" },
		{ after_minutes: 20, of: "dispatch", do: "escalate" },
		{ after_minutes: 30, of: "dispatch", do: "expire" },
	],
};

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const ladderTimer = async (scene: Scene, id: string) => {
	const timer = (await timersOf(scene, id)).find(({ type }) => type === "agent.request.ladder.due");
	return timer ? Math.round(timer.dueMs / 60_000) : null;
};

const climb = async (scene: Scene, id: string) => {
	await passStep(scene, id);
	await climbLadder(scene.system, id);
};

const remindersOf = async (scene: Scene, id: string) => (await deliveriesOf(scene, id)).filter(({ kind }) => kind === "nudge");

const told = ({ projectId }: Scene) =>
	database.db.orm
		.select()
		.from(messageDeliveries)
		.where(and(eq(messageDeliveries.projectId, projectId), eq(messageDeliveries.kind, "text")));

/** A dispatched request whose question has arrived at all agents. */
const asked = async (scene: Scene, overrides: Parameters<typeof askAndDispatch>[1] = { ladder }) => {
	const made = await askAndDispatch(scene, overrides);
	for (const deliveryId of made.deliveryIds) await attempt(scene, deliveryId, delivered({ receipt: { platformId: "m1" } }));
	return made;
};

test("goes up step by step, each once, until it gives up", async () => {
	const scene = await buildScene(database.db);
	const { id } = await asked(scene);
	expect(await ladderTimer(scene, id)).toBe(10);
	await climbLadder(scene.system, id);
	expect(await eventsOf(scene, id)).not.toContain("nudged");

	await passStep(scene, id);
	await Promise.all([climbLadder(scene.system, id), climbLadder(scene.system, id)]);
	expect(await remindersOf(scene, id)).toHaveLength(1);
	expect((await getRequest(scene.owner, id)).request.ladder).toMatchObject({ done: 1, ahead: [{ do: "escalate" }, { do: "expire" }] });
	expect(await ladderTimer(scene, id)).toBe(20);

	await climb(scene, id);
	await climb(scene, id);
	await climbLadder(scene.system, id);
	expect(await eventsOf(scene, id)).toEqual(["created", "dispatched", "nudged", "escalated", "expired"]);
	expect(await readRequest(scene, id)).toMatchObject({ status: "expired", reason: { code: "gave_up_waiting" }, ladderDueAt: null });
	expect(await timersOf(scene, id)).toEqual([]);
	const { climbed } = await getRequest(scene.owner, id);
	expect(climbed.map((step) => [step.do, step.reached])).toEqual([
		["nudge", 1],
		["escalate", 0],
	]);
});

describe("a reminder", () => {
	test("goes where the agent read the question, in its thread, and is answered like it", async () => {
		const scene = await buildScene(database.db);
		const { id, deliveryIds } = await asked(scene);
		await climb(scene, id);
		const [reminder] = await remindersOf(scene, id);
		const [agent] = scene.agents;
		expect(reminder).toMatchObject({
			...{ agentId: agent?.id, integrationId: scene.integration.id, status: "queued" },
			content: { kind: "nudge", agent: { id: agent?.id }, question: "What shall we write?" },
		});
		const taken = await claim(scene, reminder?.id ?? "");
		expect(taken.thread).toEqual({ platformId: "m1" });
		await sayAndRecord(scene, reminder?.id ?? "", "answer");
		expect(await readRequest(scene, id)).toMatchObject({ status: "completed" });
		expect((await deliveriesOf(scene, id)).find((delivery) => delivery.id === deliveryIds[0])?.status).toBe("superseded");
	});

	test("goes only to those who were reached and owe an answer", async () => {
		const scene = await buildScene(database.db, 4);
		const { id, deliveryIds } = await askAndDispatch(scene, { ladder, answer_policy: { kind: "all" } });
		const [answered, asking, unapplied] = deliveryIds as [string, string, string, string];
		for (const deliveryId of deliveryIds.slice(0, 3)) await attempt(scene, deliveryId);
		await sayAndRecord(scene, answered, "answer");
		await sayAndRecord(scene, asking, "input_required");
		const word = await say(scene, unapplied, "answer");
		await climb(scene, id);
		expect(await remindersOf(scene, id)).toEqual([]);
		expect(await eventsOf(scene, id)).not.toContain("nudged");

		// Who had to wait for a person owes an answer again once it has the reply.
		await recordResponse(scene.system, word);
		await replyToAgent(scene.owner, id, { text: "The first" });
		await database.db.orm.execute(sql`update agent_requests set ladder_step = 0 where id = ${id}`);
		await climb(scene, id);
		expect((await remindersOf(scene, id)).map(({ agentId }) => agentId)).toEqual([scene.agents[1]?.id]);
	});

	test("is withdrawn by the answer that comes in the same instant", async () => {
		for (let round = 0; round < 6; round += 1) {
			const scene = await buildScene(database.db);
			const { id, deliveryIds } = await asked(scene);
			await passStep(scene, id);
			await Promise.all([climbLadder(scene.system, id), sayAndRecord(scene, deliveryIds[0], "answer")]);
			expect(await readRequest(scene, id)).toMatchObject({ status: "completed", ladderDueAt: null });
			for (const { status } of await remindersOf(scene, id)) expect(status).toBe("superseded");
			expect((await timersOf(scene, id)).map(({ type }) => type)).toEqual([]);
		}
	});
});

describe("what agents say", () => {
	const words: Ladder = {
		acknowledge_within_minutes: 5,
		progress_within_minutes: 60,
		steps: [
			{ after_minutes: 1, of: "acknowledge", do: "nudge" },
			{ after_minutes: 10, of: "progress", do: "escalate" },
		],
	};

	test("moves the next step", async () => {
		const scene = await buildScene(database.db);
		const { id, deliveryIds } = await asked(scene, { ladder: words });
		expect(await ladderTimer(scene, id)).toBe(6);
		const agent = await agentContext(scene, deliveryIds[0]);
		await acknowledgeRequest(agent, id);
		expect(await ladderTimer(scene, id)).toBe(70);
		await database.db.orm.execute(sql`update agent_requests set worked_at = now() - interval '30 minutes' where id = ${id}`);
		await reportProgress(agent, id, { text: "Half of it" });
		expect(await ladderTimer(scene, id)).toBe(70);
	});

	test("an answer that waits to be applied keeps the request from being given up", async () => {
		const scene = await buildScene(database.db);
		const { id, deliveryIds } = await asked(scene, { ladder: { ...ladder, steps: [{ after_minutes: 9, of: "dispatch", do: "expire" }] } });
		const word = await say(scene, deliveryIds[0], "answer");
		await climb(scene, id);
		await recordResponse(scene.system, word);
		expect(await readRequest(scene, id)).toMatchObject({ status: "completed" });
	});
});

describe("people are told", () => {
	const member = async (scene: Scene) => {
		const values = { provider: "slack" as const, externalAccount: "T1", externalUserId: "U1", name: "Ada", userId: userIdOf(scene.owner) };
		await database.db.orm.insert(linkedAccounts).values(values);
		const [chat] = await database.db.orm
			.insert(messagingIntegrations)
			.values({
				projectId: scene.projectId,
				adapter: "slack",
				externalAccount: "T1",
				name: "Chat",
				settings: {},
				credentials: Buffer.from(""),
			})
			.returning();
		return chat?.id;
	};
	const channel = (scene: Scene) =>
		database.db.orm
			.insert(routes)
			.values({ projectId: scene.projectId, integrationId: scene.integration.id, address: "#all", position: 0 });

	test("by who asked's own account and the project's channel, as a message that nobody answers", async () => {
		const scene = await buildScene(database.db);
		const chat = await member(scene);
		await channel(scene);
		const { id } = await asked(scene);
		await climb(scene, id);
		await climb(scene, id);
		const messages = await told(scene);
		expect(messages.map(({ integrationId, address }) => [integrationId, address])).toEqual([
			[chat, "@U1"],
			[scene.integration.id, "#all"],
		]);
		expect(messages[0]).toMatchObject({ agentRequestId: null, content: { about: { agent_request_id: id }, from: "AgentPlanner" } });
	});

	test("nobody is told of what has ended before the word went out", async () => {
		const scene = await buildScene(database.db);
		await channel(scene);
		const { id, deliveryIds } = await asked(scene);
		await climb(scene, id);
		await climb(scene, id);
		const [waiting] = await told(scene);
		expect(waiting?.status).toBe("queued");
		await sayAndRecord(scene, deliveryIds[0], "answer");
		expect(await told(scene)).toMatchObject([{ id: waiting?.id, status: "cancelled" }]);
		expect(await timersOf(scene, waiting?.id ?? "")).toEqual([]);
	});

	test("of what is in a private plan no channel hears", async () => {
		const scene = await buildScene(database.db);
		await channel(scene);
		await database.db.orm
			.update(plans)
			.set({ visibility: "private", ownerUserId: userIdOf(scene.owner) })
			.where(eq(plans.id, scene.node.planId));
		const { id } = await asked(scene);
		await climb(scene, id);
		await climb(scene, id);
		expect(await eventsOf(scene, id)).toContain("escalated");
		expect(await told(scene)).toEqual([]);
	});
});

describe("which ladder", () => {
	const nudgeAfter = (after_minutes: number): Ladder => ({ ...ladder, steps: [{ after_minutes, of: "dispatch", do: "nudge" }] });
	const minutesOf = async (scene: Scene, id: string) =>
		(await getRequest(scene.owner, id)).request.ladder?.steps.map((step) => step.after_minutes) ?? null;

	test("the request's own, else the first asked agent's, else the project's", async () => {
		const scene = await buildScene(database.db, 2);
		expect(await minutesOf(scene, (await asked(scene, {})).id)).toBeNull();
		await database.db.orm
			.update(projects)
			.set({ ladder: nudgeAfter(7) })
			.where(eq(projects.id, scene.projectId));
		expect(await minutesOf(scene, (await asked(scene, {})).id)).toEqual([7]);
		await database.db.orm
			.update(agents)
			.set({ ladder: nudgeAfter(8) })
			.where(eq(agents.id, scene.agents[1]?.id ?? ""));
		expect(await minutesOf(scene, (await asked(scene, {})).id)).toEqual([8]);
		expect(await minutesOf(scene, (await asked(scene, { ladder: nudgeAfter(9) })).id)).toEqual([9]);
	});

	test("what is changed while a request is under way counts for new ones alone", async () => {
		const scene = await buildScene(database.db);
		await updateProject(scene.owner, { ladder: nudgeAfter(7) }, null);
		const { id } = await asked(scene, {});
		await updateProject(scene.owner, { ladder: nudgeAfter(3) }, null);
		expect(await minutesOf(scene, id)).toEqual([7]);
		expect(await ladderTimer(scene, id)).toBe(7);
		expect(await minutesOf(scene, (await asked(scene, {})).id)).toEqual([3]);
	});
});

test("a request that is opened again begins at the bottom", async () => {
	const scene = await buildScene(database.db);
	const { id } = await asked(scene);
	await climb(scene, id);
	await passDeadline(scene, id);
	await expireRequest(scene.system, id);
	expect(await ladderTimer(scene, id)).toBeNull();
	await inTransaction(scene.owner, async (tx) => reopenRequest(tx, await lockRequest(tx, id), await lockDeliveries(tx, id)));
	expect(await ladderTimer(scene, id)).toBe(10);
	expect(await readRequest(scene, id)).toMatchObject({ ladderStep: 0, workedAt: null });
});

test("a request that is opened again has its shares of the time that it has now", async () => {
	const scene = await buildScene(database.db);
	const shares: Ladder = { ...ladder, steps: [{ after_percent: 50, do: "nudge" }] };
	const { id } = await asked(scene, { ladder: shares });
	expect(await ladderTimer(scene, id)).toBe(3.5 * 24 * 60);
	await passDeadline(scene, id);
	await expireRequest(scene.system, id);
	await inTransaction(scene.owner, async (tx) => reopenRequest(tx, await lockRequest(tx, id), await lockDeliveries(tx, id)));
	// It has a day from then on.
	expect(await ladderTimer(scene, id)).toBe(12 * 60);
});

test("a step in the project's quiet hours waits for their end, also after the project has none any more", async () => {
	const scene = await buildScene(database.db);
	const clock = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
	await updateProject(scene.owner, { quiet_hours: { time_zone: "UTC", from: clock(-1), until: clock(2), weekends: false } }, null);
	const { id } = await asked(scene);
	await updateProject(scene.owner, { quiet_hours: null }, null);
	const minutes = await ladderTimer(scene, id);
	expect(minutes).toBeGreaterThan(30 - 1);
	// What gives up doesn't wait: reminding and telling, which come later now, are passed over.
	expect((await getRequest(scene.owner, id)).request.ladder).toMatchObject({ ahead: [{ do: "expire" }] });
	const later = await asked(scene);
	expect(await ladderTimer(scene, later.id)).toBe(10);
});

describe("asked in turn", () => {
	const turns: Ladder = {
		...ladder,
		steps: [
			{ after_minutes: 10, of: "dispatch", do: "next_agent" },
			{ after_minutes: 20, of: "dispatch", do: "next_agent" },
			{ after_minutes: 30, of: "dispatch", do: "next_agent" },
		],
	};
	const askedOf = async (scene: Scene, id: string) =>
		(await deliveriesOf(scene, id)).map(({ agentId }) => scene.agents.findIndex((agent) => agent.id === agentId));

	test("one after the other, each once, until one answers; the others are told so", async () => {
		const scene = await buildScene(database.db, 3);
		const { id, deliveryIds } = await asked(scene, { ladder: turns });
		expect(await askedOf(scene, id)).toEqual([0]);
		await passStep(scene, id);
		await Promise.all([climbLadder(scene.system, id), climbLadder(scene.system, id)]);
		expect(await askedOf(scene, id)).toEqual([0, 1]);
		const [first, second] = await deliveriesOf(scene, id);
		expect(second).toMatchObject({ status: "queued", content: { ...first?.content, agent: { id: scene.agents[1]?.id } } });
		await attempt(scene, second?.id ?? "");
		// Whose word comes first counts, though it was asked first.
		await sayAndRecord(scene, deliveryIds[0], "answer");
		expect((await deliveriesOf(scene, id)).map(({ status }) => status)).toEqual(["acknowledged", "superseded"]);
		expect(await eventsOf(scene, id)).toEqual(["created", "dispatched", "rerouted", "completed"]);
	});

	test("with nobody left a step does nothing", async () => {
		const scene = await buildScene(database.db, 2);
		const { id } = await asked(scene, { ladder: turns });
		for (let step = 0; step < 3; step += 1) await climb(scene, id);
		expect(await askedOf(scene, id)).toEqual([0, 1]);
		expect((await eventsOf(scene, id)).filter((type) => type === "rerouted")).toHaveLength(1);
	});

	test("the next is asked at once when one declines or can't be reached; after the last the request ends", async () => {
		const scene = await buildScene(database.db, 3);
		const { id, deliveryIds } = await asked(scene, { ladder: turns });
		await sayAndRecord(scene, deliveryIds[0], "declined");
		const [, second] = await deliveriesOf(scene, id);
		await attempt(scene, second?.id ?? "", failed("rejected"));
		const [, , third] = await deliveriesOf(scene, id);
		expect(await readRequest(scene, id)).toMatchObject({ status: "dispatched" });
		await sayAndRecord(scene, third?.id ?? "", "declined");
		expect(await readRequest(scene, id)).toMatchObject({ status: "rejected" });
	});

	test("at first as many as the policy needs", async () => {
		const scene = await buildScene(database.db, 3);
		const { id: quorum, deliveryIds } = await asked(scene, { ladder: turns, answer_policy: { kind: "quorum", count: 2 } });
		expect(await askedOf(scene, quorum)).toEqual([0, 1]);
		await sayAndRecord(scene, deliveryIds[1] ?? "", "declined");
		expect(await askedOf(scene, quorum)).toEqual([0, 1, 2]);
		const { id: all } = await asked(scene, { ladder: turns, answer_policy: { kind: "all" } });
		expect(await askedOf(scene, all)).toEqual([0, 1, 2]);
	});

	test("an answer in the same instant leaves nobody asked in vain", async () => {
		for (let round = 0; round < 6; round += 1) {
			const scene = await buildScene(database.db, 2);
			const { id, deliveryIds } = await asked(scene, { ladder: turns });
			await passStep(scene, id);
			await Promise.all([climbLadder(scene.system, id), sayAndRecord(scene, deliveryIds[0], "answer")]);
			const [, next] = await deliveriesOf(scene, id);
			if (next) expect(next.status).toBe("superseded");
			expect(await readRequest(scene, id)).toMatchObject({ status: "completed", ladderDueAt: null });
		}
	});
});
