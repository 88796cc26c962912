import type { Socket } from "node:net";
import type { AgentRequest, CreateRequestInput, RespondInput } from "@agentplanner/contracts";
import { agentRequests, agentResponses, asc, type Database, eq, events, inArray, messageDeliveries, sql, timers } from "@agentplanner/db";
import { vi } from "vitest";
import type { ProjectContext } from "../context.ts";
import { type Claim, claimDelivery } from "../deliveries/claim-delivery.ts";
import { type Outcome, recordOutcome } from "../deliveries/record-outcome.ts";
import { recordResponse } from "../responses/record-response.ts";
import { respondToRequest } from "../responses/respond-to-request.ts";
import { buildContext, buildIntegration, buildNode, buildProject, buildRoutedAgent } from "../testing.ts";
import { createRequest } from "./create-request.ts";
import { dispatchRequest } from "./dispatch-request.ts";
import { authenticateReplyToken, createReplyToken } from "./reply-token.ts";

/** For tests: a project whose agents are reached through one integration, and what happens to a request there. */

export type Scene = Awaited<ReturnType<typeof buildScene>>;

export const buildScene = async (db: Database, agentCount = 1, integrationOverrides: Parameters<typeof buildIntegration>[3] = {}) => {
	const owner = await buildProject(db);
	const { projectId } = owner;
	const node = await buildNode(db, projectId);
	const integration = await buildIntegration(db, projectId, undefined, integrationOverrides);
	const agents: Awaited<ReturnType<typeof buildRoutedAgent>>[] = [];
	while (agents.length < agentCount) agents.push(await buildRoutedAgent(db, projectId, integration.id));
	const system: ProjectContext = { ...buildContext(db), projectId };
	return { db, owner, system, projectId, node, integration, agents };
};

/** A queued request to all agents of the scene. */
export const ask = (scene: Scene, overrides: Partial<CreateRequestInput> = {}): Promise<AgentRequest> =>
	createRequest(scene.owner, {
		node_id: scene.node.id,
		question: "What shall we write?",
		targets: scene.agents.map(({ id }) => ({ agent_id: id })),
		answer_policy: { kind: "first" },
		...overrides,
	});

/** A dispatched request, and the ids of its deliveries in the order of the scene's agents. */
export const askAndDispatch = async (scene: Scene, overrides: Partial<CreateRequestInput> = {}) => {
	const { id } = await ask(scene, overrides);
	await dispatchRequest(scene.system, id);
	return { id, deliveryIds: (await deliveriesOf(scene, id)).map((delivery) => delivery.id) as [string, ...string[]] };
};

export const deliveriesOf = async ({ db, agents }: Scene, requestId: string) => {
	const rows = await db.orm
		.select()
		.from(messageDeliveries)
		.where(eq(messageDeliveries.agentRequestId, requestId))
		.orderBy(asc(messageDeliveries.id));
	const place = (agentId: string | null) => agents.findIndex(({ id }) => id === agentId);
	return rows.toSorted((one, other) => place(one.agentId) - place(other.agentId));
};

export const readRequest = async ({ db }: Scene, id: string) => {
	const [row] = await db.orm.select().from(agentRequests).where(eq(agentRequests.id, id));
	if (!row) throw new Error(`No request ${id}.`);
	return row;
};

export const readDelivery = async ({ db }: Scene, id: string) => {
	const [row] = await db.orm.select().from(messageDeliveries).where(eq(messageDeliveries.id, id));
	if (!row) throw new Error(`No delivery ${id}.`);
	return row;
};

export const readResponses = ({ db }: Scene, requestId: string) =>
	db.orm.select().from(agentResponses).where(eq(agentResponses.agentRequestId, requestId)).orderBy(asc(agentResponses.id));

/** Types of the subject's events, in order, without their common beginning. */
export const eventsOf = async ({ db }: Scene, subjectId: string): Promise<string[]> => {
	const rows = await db.orm.select().from(events).where(eq(events.subjectId, subjectId)).orderBy(asc(events.id));
	return rows.map(({ type }) => type.replace(/^(agent|message)\.\w+\./, ""));
};

/** The subjects' timers: type, and when they are due in ms from now. */
export const timersOf = async ({ db }: Scene, ...subjectIds: string[]) =>
	db.orm
		.select({ type: timers.type, id: timers.id, dueMs: sql<number>`extract(epoch from ${timers.dueAt} - now()) * 1000`.mapWith(Number) })
		.from(timers)
		.where(inArray(timers.subjectId, subjectIds))
		.orderBy(asc(timers.type));

export const claim = async (scene: Scene, deliveryId: string, worker = "worker-1"): Promise<Claim> => {
	const taken = await claimDelivery(scene.system, deliveryId, worker);
	if (!taken) throw new Error(`Delivery ${deliveryId} is ${(await readDelivery(scene, deliveryId)).status} and can't be claimed.`);
	return taken;
};

export const delivered = (overrides: Partial<Extract<Outcome, { kind: "delivered" }>> = {}): Outcome => ({
	kind: "delivered",
	receipt: { platformId: null },
	inbound: [],
	note: null,
	exchange: null,
	collectInMs: null,
	...overrides,
});

type FailureKind = "rejected" | "unauthorized" | "rate_limited" | "unavailable";

export const failed = (kind: FailureKind, overrides: Partial<Extract<Outcome, { kind: FailureKind }>> = {}): Outcome => ({
	kind,
	detail: `It was ${kind}.`,
	remedy: "Look at the receiver.",
	mayHaveBeenAccepted: false,
	retryAfterMs: null,
	gone: false,
	exchange: null,
	...overrides,
});

/** One whole attempt. */
export const attempt = async (scene: Scene, deliveryId: string, outcome: Outcome = delivered()): Promise<void> => {
	if (!(await recordOutcome(scene.system, await claim(scene, deliveryId), outcome))) throw new Error("The outcome was refused.");
};

/** As if the wait of the delivery, and what holds its integration, were over. */
export const skipWait = async ({ db }: Scene, deliveryId: string): Promise<void> => {
	await db.orm.execute(sql`update message_deliveries set next_attempt_at = now() - interval '1 second' where id = ${deliveryId}`);
	await db.orm.execute(sql`
		update messaging_integrations set held_until = null, breaker_probe_at = now(), breaker_probing = false
		where id = (select integration_id from message_deliveries where id = ${deliveryId})`);
};

/** As if the worker that holds the delivery had stopped long ago. */
export const loseLease = async ({ db }: Scene, deliveryId: string): Promise<void> => {
	await db.orm.execute(sql`update message_deliveries set lease_until = now() - interval '1 second' where id = ${deliveryId}`);
};

/** As if it were this very moment. */
export const passDeadline = async ({ db }: Scene, requestId: string): Promise<void> => {
	await db.orm.execute(sql`update agent_requests set deadline_at = date_trunc('milliseconds', now()) where id = ${requestId}`);
};

/** As if the next step of its ladder were due. */
export const passStep = async ({ db }: Scene, requestId: string): Promise<void> => {
	await db.orm.execute(
		sql`update agent_requests set ladder_due_at = date_trunc('milliseconds', now()) where id = ${requestId} and ladder_due_at is not null`,
	);
};

/** The context of whoever holds the delivery's reply token. */
export const agentContext = async ({ system }: Scene, deliveryId: string): Promise<ProjectContext> => {
	const known = await authenticateReplyToken(system, createReplyToken(system.keys, deliveryId));
	if (!known) throw new Error("The token is not known.");
	return { ...system, ...known };
};

/** The agent of that delivery says something; stored, not yet applied. Answers with the response's id. */
export const say = async (
	scene: Scene,
	deliveryId: string,
	type: Exclude<RespondInput["type"], "working" | "decision_required">,
	text = "Yes",
): Promise<string> => {
	const ctx = await agentContext(scene, deliveryId);
	if (ctx.actor.type !== "agent") throw new Error("Not an agent.");
	const { response } = await respondToRequest(ctx, ctx.actor.agentRequestId, { type, text });
	if (!response) throw new Error("No response was stored.");
	return response.id;
};

/** The same, applied. */
export const sayAndRecord = async (...args: Parameters<typeof say>): Promise<string> => {
	const id = await say(...args);
	await recordResponse(args[0].system, id);
	return id;
};

/** The connection of the pool's one idle client. */
const idleStream = async ({ pool }: Database): Promise<Socket> => {
	const client = await pool.connect();
	client.release();
	return (client as unknown as { connection: { stream: Socket } }).connection.stream;
};

/** How many bytes the database answers `work` with. */
export const countBytesRead = async (db: Database, work: () => Promise<unknown>): Promise<number> => {
	const stream = await idleStream(db);
	const before = stream.bytesRead;
	await work();
	return stream.bytesRead - before;
};

/** How many packets of the pool's one idle client `work` costs: what it asks for together goes in one. */
export const countPackets = async (db: Database, work: () => Promise<unknown>): Promise<number> => {
	const stream = await idleStream(db);
	const writes = [vi.spyOn(stream, "_write"), vi.spyOn(stream, "_writev")];
	await work();
	const packets = writes.reduce((sum, { mock }) => sum + mock.calls.length, 0);
	for (const spy of writes) spy.mockRestore();
	return packets;
};
