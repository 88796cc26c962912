import { afterAll, beforeAll, expect, test } from "vitest";
import { type Owner, startApi, type TestApi } from "./start-api.ts";

let api: TestApi;
let ada: Owner;
beforeAll(async () => {
	api = await startApi();
	ada = await api.owner();
});
afterAll(() => api.close());

test("a network that can't be read or is no private one is a 422 that names it by its place, and nothing is changed", async () => {
	const networks = [
		"10.1.0.0/16",
		"10/8",
		"10.0.0.1",
		"fd00::/8",
		"fd00::/129",
		"::ffff:10.0.0.0/104",
		"",
		"0.0.0.0/0",
		"169.254.169.254/32",
	];
	const reply = await ada.call("PATCH", ada.base, { body: { name: "New", allowed_networks: networks } });
	expect(reply).toMatchObject({ status: 422, body: { code: "unprocessable" } });
	const named = reply.body.errors.map(({ field }: { field: string }) => field);
	expect(named).toEqual([1, 2, 4, 6, 7, 8].map((index) => `body.allowed_networks.${index}`));
	expect((await ada.call("GET", ada.base)).body).toMatchObject({ name: ada.project.name, allowed_networks: [] });
});

test("more networks than a list may hold are refused", async () => {
	const networks = Array.from({ length: 33 }, (_, index) => `10.${index}.0.0/16`);
	expect((await ada.call("PATCH", ada.base, { body: { allowed_networks: networks } })).status).toBe(400);
});

test("of two edits of one version the second is a 412", async () => {
	const { headers } = await ada.call("GET", ada.base);
	const ifMatch = { "if-match": headers.get("etag") ?? "" };
	const edited = await ada.call("PATCH", ada.base, { body: { name: "Mine" }, headers: ifMatch });
	expect(edited).toMatchObject({ status: 200, body: { name: "Mine" } });
	expect(edited.headers.get("etag")).toBe(`"${edited.body.version}"`);
	expect(await ada.call("PATCH", ada.base, { body: { name: "Yours" }, headers: ifMatch })).toMatchObject({
		status: 412,
		body: { code: "precondition_failed" },
	});
});

test("whose account is not the installation's first opens no network, though the project is theirs", async () => {
	const eve = await api.owner("Eve");
	expect((await eve.call("PATCH", eve.base, { body: { name: "Eve's" } })).status).toBe(200);
	const reply = await eve.call("PATCH", eve.base, { body: { allowed_networks: ["127.0.0.0/8"] } });
	expect(reply).toMatchObject({ status: 403, body: { code: "forbidden" } });
	expect((await eve.call("GET", eve.base)).body.allowed_networks).toEqual([]);
});
