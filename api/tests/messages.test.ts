import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { furnish, type Owner, startApi, type TestApi } from "./start-api.ts";

let api: TestApi;
let ada: Owner;
let made: Awaited<ReturnType<typeof furnish>>;
beforeAll(async () => {
	api = await startApi();
	ada = await api.owner();
	made = await furnish(ada);
});
afterAll(() => api.close());

const send = (body: object, headers: Record<string, string> = {}) => ada.call("POST", `${ada.base}/messages`, { body, headers });

test("a message is accepted as a delivery, sent once under one Idempotency-Key, and found among the deliveries", async () => {
	const [key, body] = [
		{ "idempotency-key": randomUUID() },
		{ to: { integration_id: made.integration.id }, text: "The fair is on Friday." },
	];
	const [first, second] = [await send(body, key), await send(body, key)];
	expect(first).toMatchObject({ status: 202, body: { kind: "text", status: "queued", message: { from: "Ada", text: body.text } } });
	expect(second.body).toEqual(first.body);
	expect((await ada.call("GET", `${ada.base}/deliveries?kind=text&integration_id=${made.integration.id}`)).body.items).toEqual([
		first.body,
	]);
	expect((await ada.call("GET", `${ada.base}/deliveries/${first.body.id}`)).body).toEqual(first.body);
});

test("what can't be sent is refused with its field", async () => {
	const to = { integration_id: made.integration.id };
	expect(await send({ to, text: " " })).toMatchObject({ status: 400, body: { errors: [{ field: "body.text" }] } });
	expect(await send({ to, text: "x".repeat(2_001) })).toMatchObject({ status: 400, body: { errors: [{ field: "body.text" }] } });
	const { id } = ada.session.user;
	expect(await send({ to: { user_id: id }, text: "Hello" })).toMatchObject({
		status: 422,
		body: { errors: [{ field: "body.to.user_id" }] },
	});
	expect(await send({ to: { integration_id: randomUUID() }, text: "Hello" })).toMatchObject({
		status: 422,
		body: { errors: [{ field: "body.to.integration_id" }] },
	});
});
