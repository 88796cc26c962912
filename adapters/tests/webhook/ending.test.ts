import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { buildMessage, decisionContent, requestContent, textContent } from "../../fixtures/messages.ts";
import { now, payload, signingSecret, wired } from "./harness.ts";

describe("closing", () => {
	const closing = { status: "cancelled", summary: "Cancelled by Ada", answer: null } as const;
	const receipt = { platformId: null };

	test("the agent is told under an id of its own, the same however often", async () => {
		const { connection, sent } = await wired();
		const signal = new AbortController().signal;
		await connection.cancel?.(receipt, buildMessage(), closing, signal);
		await connection.cancel?.(receipt, buildMessage(), closing, signal);
		expect(sent.map((request) => request.headers["webhook-id"])).toEqual(Array(2).fill(`${buildMessage().key}-closed`));
		expect(payload(sent[0])).toEqual({
			type: "agent.request.closed",
			timestamp: now.toISOString(),
			data: {
				delivery_id: buildMessage().key,
				address: "",
				agent_request_id: requestContent.agent_request_id,
				status: "cancelled",
				summary: "Cancelled by Ada",
			},
		});
		expect(() => new Webhook(signingSecret).verify(Buffer.from(sent[0]?.body ?? []), sent[0]?.headers ?? {})).not.toThrow();
	});

	test("whose answer isn't needed, since another's counted, is told that it is superseded", async () => {
		const { connection, sent } = await wired();
		const elsewhere = { status: "completed", summary: "Answered elsewhere.", answer: { from: "Ada", text: "Spain" } } as const;
		await connection.cancel?.(receipt, buildMessage(), elsewhere, new AbortController().signal);
		expect(payload(sent[0])).toMatchObject({
			type: "agent.request.superseded",
			data: { agent_request_id: requestContent.agent_request_id, status: "completed", summary: "Answered elsewhere." },
		});
		expect(sent[0]?.headers["webhook-id"]).toBe(`${buildMessage().key}-closed`);
	});

	test("a decision is closed as one, with what it came to; a text not at all", async () => {
		const { connection, sent } = await wired();
		const signal = new AbortController().signal;
		const option = { id: "approve", label: "Ship it" };
		const said = { status: "decided", summary: "Decided by Ada via the web: Ship it.", option } as const;
		const decided = { ...said, answer: null };
		await connection.cancel?.(receipt, buildMessage(decisionContent), decided, signal);
		await connection.cancel?.(receipt, buildMessage(textContent), closing, signal);
		expect(sent.map((request) => payload(request))).toEqual([
			{
				type: "decision.closed",
				timestamp: now.toISOString(),
				data: { delivery_id: buildMessage().key, address: "", decision_id: decisionContent.decision_id, ...said },
			},
		]);
		expect(() => new Webhook(signingSecret).verify(Buffer.from(sent[0]?.body ?? []), sent[0]?.headers ?? {})).not.toThrow();
	});

	test("its failure is an adapter error too", async () => {
		const { connection } = await wired({ status: 500 });
		await expect(connection.cancel?.(receipt, buildMessage(), closing, new AbortController().signal)).rejects.toMatchObject({
			kind: "unavailable",
		});
	});
});
