import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { AnswerPolicy, RequestStatus, RespondInput } from "@agentplanner/contracts";
import { authenticateReplyToken, createRequest, getRequest, type ProjectContext, respondToRequest } from "@agentplanner/core";
import { buildContext, buildIntegration, buildNode, buildProject, buildRoutedAgent, testEncryptionKey } from "@agentplanner/core/testing";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { pino } from "pino";
import { afterAll, beforeAll, onTestFinished, vi } from "vitest";
import { loadConfig } from "../src/config.ts";
import { type RunningWorker, startWorker } from "../src/start-worker.ts";

type Db = TestDatabase["db"];

export const silent = pino({ level: "silent" });

/** What a worker needs to know; the health server is off. */
export const settingsFor = (url: string) => ({
	DATABASE_URL: url,
	ENCRYPTION_KEY: testEncryptionKey,
	ENGINE: "postgres",
	WORKER_HEALTH_PORT: "0",
	WORKER_CONCURRENCY: "5",
	PUBLIC_URL: "https://planner.example.org",
});

/** A real worker on the Postgres engine, in this process. */
export const startTestWorker = (url: string, settings: Record<string, string> = {}) =>
	startWorker(loadConfig({ ...settingsFor(url), ...settings }), silent);

/** A database for the test file, and a worker on it that runs as long as the file does. */
export const useWorker = () => {
	let database: TestDatabase | null = null;
	let worker: RunningWorker | null = null;
	beforeAll(async () => {
		database = await createTestDatabase();
		worker = await startTestWorker(database.url);
	});
	afterAll(async () => {
		await worker?.stop();
		await database?.drop();
	});
	return () => {
		if (!database) throw new Error("Used outside a test");
		return database;
	};
};

export type Hit = { headers: IncomingHttpHeaders; at: number; body: { type: string; data: Record<string, unknown> } };
export type Reply = { status: number; headers?: Record<string, string>; body?: unknown } | "hang" | "cut";

/** A receiver on loopback that answers as it is told. */
export const openReceiver = async (answer: (hit: Hit, number: number) => Reply | Promise<Reply>, port = 0) => {
	const hits: Hit[] = [];
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk: Buffer) => chunks.push(chunk));
		request.on("end", async () => {
			const hit = { headers: request.headers, at: Date.now(), body: JSON.parse(Buffer.concat(chunks).toString()) as Hit["body"] };
			hits.push(hit);
			const reply = await answer(hit, hits.length);
			if (reply === "hang") return;
			if (reply === "cut") {
				request.socket.destroy();
				return;
			}
			response
				.writeHead(reply.status, { "content-type": "application/json", ...reply.headers })
				.end(reply.body === undefined ? "" : JSON.stringify(reply.body));
		});
	});
	await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
	const close = () =>
		new Promise<void>((resolve) => {
			server.closeAllConnections();
			server.close(() => resolve());
		});
	const { port: opened } = server.address() as AddressInfo;
	return { port: opened, url: `http://127.0.0.1:${opened}/hook`, hits, close };
};

/** A receiver that is closed when the test ends. */
export const startReceiver = async (...options: Parameters<typeof openReceiver>) => {
	const receiver = await openReceiver(...options);
	onTestFinished(receiver.close);
	return receiver;
};

export const answer = (text: string): Reply => ({ status: 200, body: { type: "answer", text } });

export type AskOptions = {
	policy?: AnswerPolicy;
	deadline?: Date;
	integration?: Parameters<typeof buildIntegration>[3];
};

/** A request in a project of its own, to one agent per URL. */
export const ask = async (db: Db, urls: string | string[], { policy, deadline, integration }: AskOptions = {}) => {
	const ctx: ProjectContext = await buildProject(db);
	const integrations = [];
	const targets = [];
	for (const url of [urls].flat()) {
		const made = await buildIntegration(db, ctx.projectId, url, integration);
		integrations.push(made);
		targets.push({ agent_id: (await buildRoutedAgent(db, ctx.projectId, made.id)).id });
	}
	const [first] = integrations;
	if (!first) throw new Error("Nobody to ask");
	const node = await buildNode(db, ctx.projectId);
	const request = await createRequest(ctx, {
		node_id: node.id,
		question: "What is next?",
		targets,
		answer_policy: policy ?? { kind: "first" },
		...(deadline ? { deadline_at: deadline.toISOString() } : {}),
	});
	return { ctx, id: request.id, integration: first, integrations };
};

type Asked = Pick<Awaited<ReturnType<typeof ask>>, "ctx" | "id">;

export const untilRequest = ({ ctx, id }: Asked, status: RequestStatus, ms?: number) =>
	until(async () => {
		const detail = await getRequest(ctx, id);
		return detail.request.status === status && detail;
	}, ms);

/** The delivery of a request to one agent, once it looks like that. */
export const untilDelivery = (
	{ ctx, id }: Asked,
	like: (delivery: Awaited<ReturnType<typeof getRequest>>["deliveries"][number]) => boolean,
	ms?: number,
) => until(async () => (await getRequest(ctx, id)).deliveries.find(like), ms);

/** Answers at the reply URL of a message, as the agent that got it: with its token and nothing else. */
export const answerLater = async (db: Db, hit: Hit | undefined, input: RespondInput) => {
	const { reply_url: url, reply_token: token } = hit?.body.data ?? {};
	const caller = await authenticateReplyToken(buildContext(db, { type: "anonymous" }), String(token));
	if (!caller) throw new Error("The token is refused");
	const [, projectId, requestId] =
		/^https:\/\/planner\.example\.org\/api\/v1\/projects\/(.+)\/requests\/(.+)\/responses$/.exec(String(url)) ?? [];
	if (projectId !== caller.projectId || !requestId) throw new Error(`The reply URL is wrong: ${url}`);
	return respondToRequest({ ...buildContext(db, caller.actor), projectId }, requestId, input);
};

/** Makes timers due now, as if their time had passed. */
export const makeDue = async (db: Db, subjectId: string, type: string): Promise<void> => {
	const { rowCount } = await db.pool.query("update timers set due_at = now() where subject_id = $1 and type = $2", [subjectId, type]);
	if (rowCount !== 1) throw new Error(`There is no timer ${type} of ${subjectId}`);
	await db.pool.query("select pg_notify('agentplanner_timers', '')");
};

/** Makes a delivery's next attempt due now. */
export const bringForward = async (db: Db, deliveryId: string): Promise<void> => {
	await db.pool.query("update message_deliveries set next_attempt_at = now() where id = $1", [deliveryId]);
	await makeDue(db, deliveryId, "message.delivery.due");
};

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Waits until `read` gives something truthy; fails after `ms`. */
export const until = <T>(read: () => T | Promise<T>, ms = 10_000) => vi.waitUntil(read, { timeout: ms, interval: 25 });
