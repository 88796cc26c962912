import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import type { MessageContent, OutboundMessage } from "@agentplanner/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildMessage, replyContent, requestContent } from "../fixtures/messages.ts";
import { createGuardedConnect } from "../src/guarded-connect.ts";
import { createGuardedFetch } from "../src/guarded-fetch.ts";
import { webhook } from "../src/webhook/index.ts";
import { createSigningSecret } from "../src/webhook/sign.ts";
import { type Composing, composing } from "./composing.ts";
import { readBody, startHttp } from "./loopback.ts";

const program = fileURLToPath(new URL("../../examples/echo-agent/echo-agent.ts", import.meta.url));
const fetch = createGuardedFetch({ allowedNetworks: ["127.0.0.1/32"] });
const signal = () => AbortSignal.timeout(10_000);
let agent: ChildProcess;
let url: string;
let connection: Composing;
let keys = 0;

const connect = async (secret: string) =>
	composing(
		await webhook.open(
			{ settings: { url }, secrets: { signing_secret: secret } },
			{ fetch, connect: createGuardedConnect({ allowedNetworks: [] }), log: { info: () => {}, warn: () => {} }, now: () => new Date() },
		),
	);
const freePort = async () => {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	server.close();
	await once(server, "close");
	return typeof address === "object" ? (address?.port ?? 0) : 0;
};
const message = (content: MessageContent, overrides: Partial<OutboundMessage> = {}) =>
	buildMessage(content, { key: `01990c6e-7a00-7000-8000-${String(++keys).padStart(12, "0")}`, ...overrides });
const asking = (question: string) => message({ ...requestContent, question });

beforeAll(async () => {
	const port = await freePort();
	const secret = createSigningSecret();
	url = `http://127.0.0.1:${port}`;
	agent = spawn(process.execPath, [program], {
		env: { PORT: String(port), SIGNING_SECRET: secret },
		stdio: ["ignore", "pipe", "inherit"],
	});
	if (!agent.stdout) throw new Error("no output");
	const [line] = await once(agent.stdout, "data");
	expect(String(line)).toBe(`Echo agent listens on ${url}\n`);
	connection = await connect(secret);
});
afterAll(async () => {
	agent.kill();
	await fetch.close();
});

describe("the echo agent", () => {
	test("passes the integration's check", async () => expect(await connection.check([], signal())).toEqual([]));

	test("echoes a question and its task at once", async () => {
		const { inbound } = await connection.send(asking("Which markets\nfirst?"), signal());
		expect(inbound).toEqual([
			expect.objectContaining({ type: "answer", text: "You asked about **Choose markets**:\n\n> Which markets\n> first?" }),
		]);
	});

	test("answers a repeated message the same", async () => {
		const repeated = asking("Again?");
		expect((await connection.send(repeated, signal())).inbound).toEqual((await connection.send(repeated, signal())).inbound);
	});

	test("declines", async () => {
		const { inbound } = await connection.send(asking("No way?"), signal());
		expect(inbound[0]).toMatchObject({ type: "declined" });
	});

	test("asks back, and answers the reply", async () => {
		const { inbound } = await connection.send(asking("Ask me something"), signal());
		expect(inbound[0]).toMatchObject({ type: "input_required" });
		const answered = await connection.send(message(replyContent), signal());
		expect(answered.inbound[0]).toMatchObject({ type: "answer", text: expect.stringContaining(replyContent.text) });
	});

	test("works first and answers later, once, with the request's token", async () => {
		const posts: { authorization: string | undefined; body: unknown }[] = [];
		const planner = await startHttp(async (request, response) => {
			posts.push({ authorization: request.headers.authorization, body: JSON.parse(String(await readBody(request))) });
			response.writeHead(202).end();
		});
		const later = message({ ...requestContent, question: "later, please" }, { reply: { url: planner.url, token: "token-1" } });
		for (const _attempt of [1, 2]) {
			const { inbound } = await connection.send(later, signal());
			expect(inbound[0]).toMatchObject({ type: "working" });
		}
		await expect.poll(() => posts.length, { timeout: 5_000 }).toBe(1);
		await new Promise((done) => setTimeout(done, 300));
		await planner.close();
		expect(posts).toEqual([
			{ authorization: "Bearer token-1", body: { type: "answer", text: expect.stringContaining("> later, please"), id: later.key } },
		]);
	});

	test("has nothing to say to a closed request", async () => {
		const closing = { status: "cancelled", summary: "", answer: null } as const;
		await expect(connection.cancel?.({ platformId: null }, asking("x"), closing, signal())).resolves.toBeUndefined();
	});

	test("refuses a wrong signature and survives nonsense", async () => {
		const stranger = await connect(createSigningSecret());
		await expect(stranger.send(asking("x"), signal())).rejects.toMatchObject({ kind: "unauthorized" });
		const plain = await fetch(url, { method: "GET", headers: {}, signal: signal() });
		expect(plain.status).toBe(401);
		expect(await connection.check([], signal())).toEqual([]);
	});
});

test("without a secret it says what to set", async () => {
	const silent = spawn(process.execPath, [program], { env: {}, stdio: ["ignore", "ignore", "pipe"] });
	const output: Buffer[] = [];
	silent.stderr?.on("data", (chunk) => output.push(chunk));
	const [code] = await once(silent, "close");
	expect(code).toBe(1);
	expect(Buffer.concat(output).toString()).toMatch("Set SIGNING_SECRET");
});
