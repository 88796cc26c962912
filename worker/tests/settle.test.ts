import { cancelRequest, disableIntegration, enableIntegration, findViolations, getRequest } from "@agentplanner/core";
import { expect, test } from "vitest";
import { freePort } from "../../scripts/start/ports.ts";
import {
	answerLater,
	ask,
	type Hit,
	makeDue,
	pause,
	type Reply,
	startReceiver,
	until,
	untilDelivery,
	untilRequest,
	useWorker,
} from "./harness.ts";

const database = useWorker();

const endings = ["agent.request.closed", "agent.request.superseded"];
const closings = (hits: Hit[]) => hits.filter(({ body }) => endings.includes(body.type));
const settleTimers = async (deliveryId: string | undefined) =>
	(await database().db.pool.query("select * from timers where subject_id = $1 and type = 'message.delivery.settle.due'", [deliveryId]))
		.rows;
const untilSettled = (deliveryId: string | undefined) => until(async () => (await settleTimers(deliveryId)).length === 0);

test("cancelling while the agent works tells it once", async () => {
	const receiver = await startReceiver(({ body }): Reply => (body.type === "agent.request.closed" ? { status: 204 } : { status: 202 }));
	const asked = await ask(database().db, receiver.url);
	const { id } = await untilDelivery(asked, ({ status }) => status === "delivered");
	await cancelRequest(asked.ctx, asked.id);
	await untilSettled(id);
	await pause(300);
	expect(closings(receiver.hits)).toHaveLength(1);
	expect(closings(receiver.hits)[0]?.body.data).toMatchObject({ delivery_id: id, agent_request_id: asked.id, status: "cancelled" });
	expect((await getRequest(asked.ctx, asked.id)).deliveries).toMatchObject([{ status: "cancelled" }]);
	expect(await findViolations(asked.ctx)).toEqual([]);
});

test("of two agents under “first” the loser's delivery is superseded and its agent told once, the winner's is not", async () => {
	const winner = await startReceiver(() => ({ status: 202 }));
	const loser = await startReceiver(() => ({ status: 202 }));
	const asked = await ask(database().db, [winner.url, loser.url]);
	await until(async () => {
		const { deliveries } = await getRequest(asked.ctx, asked.id);
		return deliveries.length === 2 && deliveries.every(({ status }) => status === "delivered");
	});
	await answerLater(database().db, winner.hits[0], { type: "answer", text: "First!" });
	const detail = await untilRequest(asked, "completed");
	expect(detail.deliveries.map(({ status }) => status).toSorted()).toEqual(["acknowledged", "superseded"]);
	await untilSettled(detail.deliveries.find(({ status }) => status === "superseded")?.id);
	await pause(300);
	expect(closings(loser.hits)).toHaveLength(1);
	expect(closings(loser.hits)[0]?.body).toMatchObject({
		type: "agent.request.superseded",
		data: { status: "completed", summary: "Answered elsewhere." },
	});
	expect(closings(winner.hits)).toEqual([]);

	await answerLater(database().db, loser.hits[0], { type: "answer", text: "Second" });
	const late = await until(async () => (await getRequest(asked.ctx, asked.id)).responses.find(({ outcome }) => outcome === "superseded"));
	expect(late.text).toBe("Second");
	expect((await getRequest(asked.ctx, asked.id)).request.status).toBe("completed");
});

test("cancelling while the message is being sent closes its delivery when the attempt ends, and tells the agent then", async () => {
	const { promise: sent, resolve: release } = Promise.withResolvers<void>();
	const receiver = await startReceiver(async ({ body }): Promise<Reply> => {
		if (body.type === "agent.request.created") await sent;
		return { status: 202 };
	});
	const asked = await ask(database().db, receiver.url);
	await until(() => receiver.hits.length === 1);
	await cancelRequest(asked.ctx, asked.id);
	expect((await getRequest(asked.ctx, asked.id)).deliveries).toMatchObject([{ status: "sending" }]);
	release();
	const { id } = await untilDelivery(asked, ({ status }) => status === "cancelled");
	await until(() => closings(receiver.hits).length === 1);
	await untilSettled(id);
	expect(await findViolations(asked.ctx)).toEqual([]);
});

test("an agent that is away when its request is cancelled is told when it is back", async () => {
	let away = false;
	const receiver = await startReceiver((): Reply => (away ? { status: 503 } : { status: 202 }));
	const asked = await ask(database().db, receiver.url);
	const { id } = await untilDelivery(asked, ({ status }) => status === "delivered");
	away = true;
	await cancelRequest(asked.ctx, asked.id);
	await until(() => closings(receiver.hits).length >= 1);
	await pause(200);
	expect(await settleTimers(id)).toHaveLength(1);
	away = false;
	const before = closings(receiver.hits).length;
	await makeDue(database().db, id, "message.delivery.settle.due");
	await untilSettled(id);
	expect(closings(receiver.hits)).toHaveLength(before + 1);
});

test("an agent that refuses to be told is told no more, and one that stays away is given up on after a day", async () => {
	const refuses = await startReceiver(({ body }): Reply => ({ status: body.type === "agent.request.closed" ? 400 : 202 }));
	const refused = await ask(database().db, refuses.url);
	const { id } = await untilDelivery(refused, ({ status }) => status === "delivered");
	await cancelRequest(refused.ctx, refused.id);
	await untilSettled(id);
	expect(closings(refuses.hits)).toHaveLength(1);

	const stays = await startReceiver(({ body }): Reply => ({ status: body.type === "agent.request.closed" ? 503 : 202 }));
	const kept = await ask(database().db, stays.url);
	const delivery = await untilDelivery(kept, ({ status }) => status === "delivered");
	await cancelRequest(kept.ctx, kept.id);
	await until(() => closings(stays.hits).length >= 1);
	await pause(200);
	await database().db.pool.query("update timers set created_at = now() - interval '25 hours' where subject_id = $1", [delivery.id]);
	await makeDue(database().db, delivery.id, "message.delivery.settle.due");
	await untilSettled(delivery.id);
});

test("a disabled integration is sent no closing either, until it is enabled", async () => {
	const receiver = await startReceiver(() => ({ status: 202 }));
	const asked = await ask(database().db, receiver.url);
	const { id } = await untilDelivery(asked, ({ status }) => status === "delivered");
	await disableIntegration(asked.ctx, asked.integration.id);
	await cancelRequest(asked.ctx, asked.id);
	await pause(700);
	expect(closings(receiver.hits)).toEqual([]);
	await enableIntegration(asked.ctx, asked.integration.id);
	await makeDue(database().db, id, "message.delivery.settle.due");
	await untilSettled(id);
	expect(closings(receiver.hits)).toHaveLength(1);
});

test("an integration that can't be opened any more doesn't keep a closing for ever", async () => {
	const receiver = await startReceiver(() => ({ status: 202 }));
	const asked = await ask(database().db, receiver.url);
	const { id } = await untilDelivery(asked, ({ status }) => status === "delivered");
	await database().db.pool.query("update messaging_integrations set settings = '{}' where id = $1", [asked.integration.id]);
	await cancelRequest(asked.ctx, asked.id);
	await pause(500);
	expect(await settleTimers(id)).toHaveLength(1);
	await database().db.pool.query("update timers set created_at = now() - interval '25 hours' where subject_id = $1", [id]);
	await makeDue(database().db, id, "message.delivery.settle.due");
	await untilSettled(id);
});

test("nobody is told of a message that never arrived", async () => {
	const asked = await ask(database().db, `http://127.0.0.1:${await freePort()}/hook`);
	const { id } = await untilDelivery(asked, ({ status }) => status === "retrying");
	await cancelRequest(asked.ctx, asked.id);
	await untilDelivery(asked, ({ status }) => status === "cancelled");
	expect(await settleTimers(id)).toEqual([]);
	expect(await findViolations(asked.ctx)).toEqual([]);
});
