import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { Behaviour, PlatformDouble, ReceivedRequest } from "../../fixtures/adapter-fixture.ts";
import { createSessions } from "./sessions.ts";
import { type Params, params, proofProblem, type Refused, refused } from "./shapes.ts";

export const gatewayToken = "gateway-token-2b1f7c9e";

type Method = keyof typeof params;

/** What a method does in place of its work; `after`: behind it, so that only the answer is lost. */
export type Fault = { on: Method[] } & ({ error: Refused } | { close: number } | { hang: true } | { cut: "after" });

export type GatewayDouble = Awaited<ReturnType<typeof startGatewayDouble>>;

/** An OpenClaw gateway on 127.0.0.1: protocol 4, strict in shapes and proofs, with sessions that outlive its crashes. */
export const startGatewayDouble = async () => {
	const sessions = createSessions();
	const agents = new Set(["main", "researcher"]);
	const received: ReceivedRequest[] = [];
	const calls: { method: Method; params: unknown }[] = [];
	const problems: string[] = [];
	const approved = new Set<string>();
	let pairing: { requestId: string } | null = null;
	let scopes = ["operator.read", "operator.write"];
	let fault: Fault | null = null;
	let upgrade: { status: number; headers?: Record<string, string>; body?: string } | null = null;
	let echo: string | undefined;
	let bootedAt = Number.NEGATIVE_INFINITY;

	const server = createServer((_request, response) => response.writeHead(426).end());
	const sockets = new WebSocketServer({ noServer: true, maxPayload: 25 * 1024 * 1024 });
	server.on("upgrade", (request, socket, head) => {
		if (upgrade) {
			const { status, headers = {}, body = "" } = upgrade;
			const lines = Object.entries({ ...headers, "content-length": Buffer.byteLength(body), connection: "close" });
			socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.map(([name, value]) => `${name}: ${value}`).join("\r\n")}\r\n\r\n${body}`);
			return;
		}
		sockets.handleUpgrade(request, socket, head, (opened) => greet(opened, request.headers as Record<string, string>));
	});

	const greet = (socket: WebSocket, headers: Record<string, string>) => {
		const nonce = randomUUID();
		let known = false;
		const send = (frame: object) => socket.send(JSON.stringify(frame));
		socket.on("error", () => {});
		send({ type: "event", event: "connect.challenge", payload: { nonce, ts: Date.now() } });
		socket.on("message", async (data) => {
			const { type, id, method, params: given } = JSON.parse(String(data)) as { type: string; id: string; method: Method; params: unknown };
			const refuse = (error: Refused) => send({ type: "res", id, ok: false, error });
			const shape = params[method];
			const parsed = shape?.safeParse(given);
			if (type !== "req" || !parsed?.success || (method === "connect") === known) {
				problems.push(`${method}: ${parsed?.error?.message ?? "not known, or not now"}`);
				refuse({ code: "INVALID_REQUEST", message: `invalid ${method} params` });
				return;
			}
			calls.push({ method, params: given });
			if (method === "agent") received.push({ headers, body: Buffer.from(JSON.stringify(given)) });
			const strikes = fault?.on.includes(method) ? fault : null;
			if (strikes && "error" in strikes) refuse(strikes.error);
			else if (strikes && "close" in strikes) socket.close(strikes.close);
			else if (!strikes || "cut" in strikes) {
				const done = method === "connect" ? connect(parsed.data as Params<"connect">, nonce) : await work(method, parsed.data);
				if (strikes) socket.terminate();
				else if (isRefused(done)) refuse(done);
				else send({ type: "res", id, ok: true, payload: done });
				if (method === "connect" && isRefused(done)) socket.close(1008, done.message);
				known ||= method === "connect" && !isRefused(done);
			}
		});
	};

	const connect = (given: Params<"connect">, nonce: string): Refused | object => {
		if (given.minProtocol > 4 || given.maxProtocol < 4) return refused("PROTOCOL_MISMATCH");
		if (given.auth.token !== gatewayToken) return refused("AUTH_TOKEN_MISMATCH");
		const problem = proofProblem(given, nonce);
		if (problem) return refused(problem);
		if (pairing && !approved.has(given.device.id)) {
			asking = given.device.id;
			return refused("PAIRING_REQUIRED", "NOT_PAIRED", { ...pairing, reason: "not-paired" });
		}
		return {
			...{ type: "hello-ok", protocol: 4, auth: { role: "operator", scopes } },
			snapshot: { uptimeMs: Math.min(sessions.now() - bootedAt, 1e9) },
		};
	};
	let asking = "";

	const work = async (method: Exclude<Method, "connect">, given: unknown): Promise<Refused | object> => {
		const lacking = ["operator.read", "operator.write"].find((scope) => !scopes.includes(scope));
		if (lacking) return refused("MISSING_SCOPE", "FORBIDDEN", { missingScope: lacking });
		switch (method) {
			case "agents.list":
				return { defaultId: "main", agents: [...agents].map((id) => ({ id })) };
			case "chat.history": {
				const { sessionKey, limit } = given as Params<"chat.history">;
				return sessions.history(sessionKey, limit);
			}
			case "chat.message.get": {
				const { sessionKey, messageId, maxChars } = given as Params<"chat.message.get">;
				return sessions.message(sessionKey, messageId, maxChars) ?? { code: "INVALID_REQUEST", message: "no such message" };
			}
			case "agent": {
				const run = given as Params<"agent">;
				if (!agents.has(run.agentId))
					return { code: "INVALID_REQUEST", message: `invalid agent params: unknown agent id "${run.agentId}"` };
				if (!run.sessionKey.startsWith(`agent:${run.agentId}:`)) return { code: "INVALID_REQUEST", message: "not a session of this agent" };
				return { ...sessions.run(run), ...(echo && { echo }) };
			}
			case "agent.wait": {
				const { runId, timeoutMs } = given as Params<"agent.wait">;
				return sessions.wait(runId, timeoutMs);
			}
			case "sessions.abort": {
				const { key, runId } = given as Params<"sessions.abort">;
				return sessions.abort(key, runId);
			}
		}
	};

	const listen = async (port: number) => {
		server.listen(port, "127.0.0.1");
		await once(server, "listening");
		return (server.address() as AddressInfo).port;
	};
	const hangUp = async () => {
		for (const socket of sockets.clients) socket.terminate();
		server.closeAllConnections();
		await new Promise((done) => server.close(done));
	};
	const port = await listen(0);

	return {
		...sessions,
		url: `ws://127.0.0.1:${port}`,
		received,
		calls,
		/** Until it is mended: what goes wrong at some methods. */
		break: (next: Fault | null) => {
			fault = next;
		},
		refuseUpgrades: (next: typeof upgrade) => {
			upgrade = next;
		},
		/** Devices must be approved from now on. */
		requirePairing: (requestId: string) => {
			pairing = { requestId };
		},
		approve: (requestId: string) => {
			if (requestId !== pairing?.requestId) throw new Error("No such request.");
			approved.add(asking);
		},
		grant: (next: string[]) => {
			scopes = next;
		},
		/** Killed in the middle, and started again: its memory is gone, its transcripts aren't. `resume` goes on with what was under way. */
		async restart() {
			const resume = sessions.crash();
			await hangUp();
			bootedAt = sessions.now();
			await listen(port);
			return { resume };
		},
		behave(next: Behaviour) {
			fault = null;
			upgrade = null;
			echo = next.kind === "accept" ? next.body : undefined;
			if (next.kind === "cut") fault = { on: ["agent"], cut: "after" };
			if (next.kind !== "status") return;
			if (next.status === 200) fault = JSON.parse(next.body ?? "") as Fault;
			else upgrade = next;
		},
		async close() {
			await hangUp();
			if (problems.length > 0) throw new Error(`The gateway was asked what it doesn't know: ${problems.join("; ")}`);
		},
	} satisfies PlatformDouble & Record<string, unknown>;
};

const isRefused = (done: Refused | object): done is Refused => "code" in done;
