import { afterAll, beforeAll, expect, test } from "vitest";
import { type Owner, startApi, type TestApi } from "./start-api.ts";

let api: TestApi;
let ada: Owner;
beforeAll(async () => {
	api = await startApi();
	ada = await api.owner();
});
afterAll(() => api.close());

const create = (url: string) =>
	ada.call("POST", `${ada.base}/integrations`, { body: { adapter: "webhook", name: `W ${Math.random()}`, settings: { url } } });

test("an address inside is refused when it is saved, with its field and the remedy; in an allowed network it is not", async () => {
	const { body: integration } = await create("https://8.8.8.8/");
	for (const url of ["http://127.0.0.1:4100/", "http://localhost/", "http://169.254.169.254/latest", "https://8.8.8.8:22/"]) {
		const refused = [
			await create(url),
			await ada.call("PATCH", `${ada.base}/integrations/${integration.id}`, { body: { settings: { url } } }),
		];
		for (const reply of refused) {
			expect(reply, url).toMatchObject({ status: 422, body: { code: "unprocessable", errors: [{ field: "body.settings.url" }] } });
			expect(reply.body.detail).toContain("the project's allowed_networks");
		}
		const subscribed = await ada.call("POST", `${ada.base}/subscriptions`, { body: { name: "Inside", url } });
		expect(subscribed, url).toMatchObject({ status: 422, body: { code: "unprocessable", errors: [{ field: "body.url" }] } });
	}
	const allowed = await ada.call("PATCH", ada.base, { body: { allowed_networks: ["127.0.0.0/8"] } });
	expect(allowed).toMatchObject({ status: 200, body: { allowed_networks: ["127.0.0.0/8"] } });
	expect((await create("http://127.0.0.1:4100/")).status).toBe(201);
});

test("a name that doesn't resolve just now passes, and strangers and viewers learn nothing", async () => {
	expect((await create("https://nowhere.invalid/")).status).toBe(201);
	const eve = await api.owner("Eve");
	const body = { adapter: "webhook", name: "W", settings: { url: "http://127.0.0.1/" } };
	expect((await eve.call("POST", `${ada.base}/integrations`, { body })).status).toBe(404);
});
