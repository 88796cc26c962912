import { createHmac } from "node:crypto";
import { dispatchRequest } from "@agentplanner/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { furnish, type Owner, startApi, type TestApi } from "./start-api.ts";

let api: TestApi;
let ada: Owner;
let made: Awaited<ReturnType<typeof furnish>>;
let secret: string;
let delivery: { id: string; requestId: string };
beforeAll(async () => {
	api = await startApi();
	ada = await api.owner();
	made = await furnish(ada);
	secret = made.integration.created_secrets.signing_secret;
	const { body: request } = await ada.call("POST", `${ada.base}/requests`, {
		body: { node_id: made.node.id, question: "Ready?", targets: [{ agent_id: made.agent.id }] },
	});
	await dispatchRequest({ ...api.core, projectId: ada.project.id }, request.id);
	const { rows } = await api.db.pool.query("select id from message_deliveries where agent_request_id = $1", [request.id]);
	delivery = { id: rows[0].id, requestId: request.id };
});
afterAll(() => api.close());

const sign = (body: string, { at = new Date(), key = secret } = {}): Record<string, string> => {
	const timestamp = String(Math.floor(at.getTime() / 1000));
	const mac = createHmac("sha256", Buffer.from(key.replace("whsec_", ""), "base64"))
		.update(`msg_1.${timestamp}.${body}`)
		.digest("base64");
	return { "webhook-id": "msg_1", "webhook-timestamp": timestamp, "webhook-signature": `v1,${mac}` };
};

const post = async (body: string, headers: Record<string, string>, path = `/ingress/webhook/${made.integration.id}`) => {
	const response = await fetch(`${api.url}${path}`, { method: "POST", headers, body });
	return { status: response.status, type: response.headers.get("content-type"), body: await response.json() };
};

const stored = async () => (await api.db.pool.query("select * from inbound_events")).rows;

describe("what a platform sends", () => {
	test("is stored once however often it comes, and answered as the adapter says", async () => {
		const body = JSON.stringify({ delivery_id: delivery.id, type: "answer", text: "Yes \u0000 \ud800", id: "a-1" });
		for (let time = 0; time < 3; time += 1)
			expect(await post(body, { ...sign(body), "content-type": "text/plain" })).toMatchObject({ status: 202, body: { accepted: true } });
		expect(await stored()).toHaveLength(1);
		const { rows } = await api.db.pool.query("select text from agent_responses where agent_request_id = $1", [delivery.requestId]);
		expect(rows).toHaveLength(1);
		expect(rows[0].text).toMatch(/^Yes /);
	});

	test("is a 401 when the signature is wrong, stale, over another body or missing, and nothing is stored", async () => {
		const before = (await stored()).length;
		const body = JSON.stringify({ delivery_id: delivery.id, type: "answer", text: "Forged", id: "f-1" });
		const otherKey = `whsec_${Buffer.alloc(32).toString("base64")}`;
		for (const headers of [{}, sign(`${body} `), sign(body, { key: otherKey }), sign(body, { at: new Date(Date.now() - 3_600_000) })])
			expect(await post(body, headers as Record<string, string>)).toMatchObject({
				status: 401,
				type: "application/problem+json",
				body: { code: "unauthorized" },
			});
		expect(await stored()).toHaveLength(before);
	});

	test("is a 400 when it can't be read", async () => {
		for (const body of ["", "not json", "[1]", '{"type":"answer"}', `{"delivery_id":"7","type":"answer","text":"x"}`, "\u0000"])
			expect((await post(body, sign(body))).status, body).toBe(400);
	});

	test("is a 404 for an adapter or integration that isn't there", async () => {
		const { id } = made.integration;
		for (const path of [
			`/ingress/pigeon/${id}`,
			"/ingress/webhook/7",
			"/ingress/webhook/00000000-0000-7000-8000-000000000000",
			`/ingress/${id}`,
		])
			expect((await post("{}", sign("{}"), path)).status, path).toBe(404);
	});

	test("is a 413 above 1 MiB and a 415 when it is compressed", async () => {
		const large = "x".repeat(1024 * 1024 + 1);
		expect((await post(large, sign(large))).status).toBe(413);
		expect((await post("{}", { ...sign("{}"), "content-encoding": "gzip" })).status).toBe(415);
	});

	test("needs no session, and a session's cookie needs no CSRF token here", async () => {
		const body = JSON.stringify({ type: "ping" });
		expect((await post(body, { ...sign(body), cookie: ada.cookie ?? "" })).status).toBe(202);
	});

	test("guessing signatures is slowed down after 60 in a minute", async () => {
		const replies = [];
		for (let time = 0; time < 70; time += 1) replies.push((await post("{}", {})).status);
		expect(replies.at(-1)).toBe(429);
	});

	test("is a 503 when it can't be stored, so that the platform sends it again", async () => {
		const away = await startApi({ databaseUrl: "postgres://nobody:x@127.0.0.1:9/none" });
		try {
			const response = await fetch(`${away.url}/ingress/webhook/${made.integration.id}`, {
				method: "POST",
				headers: sign("{}"),
				body: "{}",
			});
			expect(response.status).toBe(503);
			expect(response.headers.get("retry-after")).toBe("2");
		} finally {
			await away.close();
		}
	});
});
