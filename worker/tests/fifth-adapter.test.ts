import { randomUUID } from "node:crypto";
import { adapters, defineAdapter } from "@agentplanner/adapters";
import { AdapterError, type AdapterErrorKind, type OutboundMessage } from "@agentplanner/contracts";
import { createIntegration, createRequest, findViolations } from "@agentplanner/core";
import { buildNode, buildProject } from "@agentplanner/core/testing";
import { createTestDatabase } from "@agentplanner/db/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import type { AdapterFixture, Behaviour, ReceivedRequest } from "../../adapters/fixtures/adapter-fixture.ts";
import { buildMessage } from "../../adapters/fixtures/messages.ts";
import { recordExchange } from "../../adapters/src/exchange.ts";
import { createMask } from "../../adapters/src/mask.ts";
import { retryAfterMs } from "../../adapters/src/retry-after.ts";
import { unreachable } from "../../adapters/src/unreachable.ts";
import { describeContract } from "../../adapters/tests/contract.ts";
import { readBody, startHttp } from "../../adapters/tests/loopback.ts";
import { loadConfig } from "../src/config.ts";
import { startWorker } from "../src/start-worker.ts";
import { settingsFor, silent, untilRequest } from "./harness.ts";

const kindOf = (status: number): AdapterErrorKind => {
	if (status === 401) return "unauthorized";
	if (status === 429) return "rate_limited";
	return status >= 500 ? "unavailable" : "rejected";
};

/** All that a fifth channel takes: a pager, on which somebody reads a question and types the answer. */
const pager = defineAdapter({
	id: "pager",
	label: "Pager",
	settings: z.strictObject({ url: z.url() }),
	secrets: z.strictObject({ token: z.string().min(8) }),
	redelivery: "safe",
	urls: ({ url }) => [{ field: "url", url }],
	open: async ({ settings: { url }, secrets: { token } }, { fetch, now }) => {
		const mask = createMask([token]);
		const call = async (body: string, signal: AbortSignal) => {
			const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
			const request = { method: "POST", url, headers, body: new TextEncoder().encode(body) };
			const response = await fetch(url, { ...request, signal }).catch((error: unknown) => {
				throw unreachable(error, recordExchange(request, null, mask));
			});
			const exchange = recordExchange(request, response, mask);
			if (response.status === 200) return { text: new TextDecoder().decode(response.body), exchange };
			throw new AdapterError(kindOf(response.status), `The pager answered ${response.status}.`, {
				remedy: "Look at the pager, then press Retry now.",
				retryAfterMs: retryAfterMs(response.headers["retry-after"], now()),
				exchange,
			});
		};
		const read = ({ content }: OutboundMessage) => ("question" in content ? content.question : content.kind);
		return {
			compose: (message) => JSON.stringify({ id: message.key, page: read(message) }),
			send: async (message, payload, signal) => {
				const { text, exchange } = await call(payload, signal);
				const answer = { type: "answer" as const, externalId: null, deliveryId: message.key, text: mask(text), author: null };
				return { receipt: { platformId: message.key }, inbound: text === "" ? [] : [answer], exchange };
			},
			check: (_addresses, signal) =>
				call(JSON.stringify({ page: "" }), signal).then(
					() => [],
					({ message: problem, remedy, kind }: AdapterError) => [{ problem, remedy, kind }],
				),
			close: async () => {},
		};
	},
});

const token = "pager-token-5d1c";

const startPager = async () => {
	const received: ReceivedRequest[] = [];
	let next: Behaviour = { kind: "accept" };
	const { url, close } = await startHttp(async (request, response) => {
		const body = await readBody(request);
		received.push({ headers: request.headers as Record<string, string>, body });
		if (next.kind === "cut") request.socket.resetAndDestroy();
		else if (request.headers.authorization !== `Bearer ${token}`) response.writeHead(401).end();
		else response.writeHead(next.kind === "status" ? next.status : 200, next.headers).end(next.body);
	});
	const behave = (behaviour: Behaviour) => {
		next = behaviour;
	};
	return { url, received, behave, close };
};

const fixture: AdapterFixture = {
	startDouble: startPager,
	config: (url) => ({ settings: { url }, secrets: { token } }),
	otherSecrets: [],
	message: buildMessage(),
	sign: (body) => ({ method: "POST", headers: {}, rawBody: body }),
	payloads: [],
	refused: [],
	refusals: {
		rejected: [{ status: 400 }, { status: 302 }],
		unauthorized: [{ status: 401 }],
		unavailable: [{ status: 500 }],
		unclear: [],
		rateLimited: { status: 429, headers: { "retry-after": "3" } },
	},
};

describe("an adapter that only the list knows", () => {
	describe("keeps what every adapter promises", () => describeContract(pager, async () => fixture));

	test("takes part beside the others: its integration is made, asked, and answers", async () => {
		const double = await startPager();
		onTestFinished(double.close);
		double.behave({ kind: "accept", body: "Spain" });
		const database = await createTestDatabase();
		onTestFinished(database.drop);
		const worker = await startWorker(loadConfig(settingsFor(database.url)), silent, [...adapters, pager]);
		onTestFinished(() => worker.stop());
		const ctx = await buildProject(database.db);
		const { settings, secrets } = { settings: { url: double.url }, secrets: { token } };
		const { id } = await createIntegration(ctx, { adapter: pager.id, name: "Pager", settings, secrets }, pager);
		const node = await buildNode(database.db, ctx.projectId);
		const targets = [{ integration_id: id, address: "" }];
		const question = `Which market ${randomUUID()}?`;
		const request = await createRequest(ctx, { node_id: node.id, question, targets, answer_policy: { kind: "first" } });
		const { responses, deliveries } = await untilRequest({ ctx, id: request.id }, "completed");
		expect(responses).toMatchObject([{ kind: "answer", text: "Spain", outcome: "accepted" }]);
		expect(double.received.map(({ body }) => JSON.parse(String(body)))).toEqual([{ id: deliveries[0]?.id, page: question }]);
		expect(await findViolations(ctx)).toEqual([]);
	});
});
