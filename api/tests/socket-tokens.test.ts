import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, type Owner, startApi, type TestApi } from "./start-api.ts";
import { useSockets } from "./use-sockets.ts";

let api: TestApi;
let ada: Owner;
beforeAll(async () => {
	api = await startApi();
	ada = await api.owner();
});
afterAll(() => api.close());
const { address, openScript, refusal } = useSockets(() => api.url);

describe("a script with a token", () => {
	const makeToken = async (caller: Owner, scopes: string[]) =>
		(await caller.call("POST", `${caller.base}/tokens`, { body: { name: "Watcher", scopes } })).body as { id: string; token: string };
	const makeJwt = async (caller: Pick<Caller, "call">) => (await caller.call("POST", "/api/v1/auth/token")).body.access_token as string;

	test("hears of changes, with an API token in either header or a JWT", async () => {
		const { token } = await makeToken(ada, ["events:read"]);
		const scripts = [
			await openScript({ "x-api-key": token }),
			await openScript({ authorization: `Bearer ${token}` }),
			await openScript({ authorization: `Bearer ${await makeJwt(ada)}` }),
		];
		for (const script of scripts) await script.subscribe(ada.project.id);
		const { body: plan } = await ada.call("POST", `${ada.base}/plans`, { body: { title: "For scripts" } });
		for (const script of scripts) await script.until((message) => message.type === "changed" && message.id === plan.id);
	});

	test("is not let in by a token that isn't good, by one in the address, or by an agent's reply token", async () => {
		const { id, token } = await makeToken(ada, ["events:read"]);
		expect(await refusal({}, `${address()}?token=${token}&access_token=${token}&x-api-key=${token}`)).toBe(401);
		const bad = ["ap_made-up", "rt_0123", "x".repeat(5_000), "a.b.c"];
		for (const one of bad) expect(await refusal({ authorization: `Bearer ${one}` }), one).toBe(401);
		// A bad token isn't made good by a cookie beside it.
		expect(await refusal({ "x-api-key": "ap_made-up", cookie: ada.caller.cookie ?? "" })).toBe(401);
		await ada.call("DELETE", `${ada.base}/tokens/${id}`);
		expect(await refusal({ "x-api-key": token })).toBe(401);
	});

	test("is refused projects beyond its scope, its project and its owner's membership", async () => {
		const eve = await api.owner("Eve");
		const { token } = await makeToken(ada, ["plans:read"]);
		const script = await openScript({ "x-api-key": token });
		for (const projectId of [ada.project.id, eve.project.id]) {
			script.say({ type: "subscribe", project_id: projectId, after: null });
			await script.until((message) => message.type === "refused" && message.project_id === projectId);
		}
		expect(script.messages[0]).toMatchObject({ detail: expect.stringContaining("events:read") });
		const byEve = await openScript({ authorization: `Bearer ${await makeJwt(eve)}` });
		byEve.say({ type: "subscribe", project_id: ada.project.id, after: null });
		await byEve.until(({ type }) => type === "refused");
		await ada.call("POST", `${ada.base}/plans`, { body: { title: "Not for them" } });
		await new Promise((resolve) => setTimeout(resolve, 500));
		expect([...script.messages, ...byEve.messages].filter(({ type }) => type === "changed")).toEqual([]);
	});

	test("is closed within 5 s of its token's or session's end, or of its owner's leaving", async () => {
		const [leaver, { id, token }] = [await api.owner("Leaver"), await makeToken(ada, ["events:read"])];
		const revoked = await openScript({ "x-api-key": token });
		await revoked.subscribe(ada.project.id);
		const signedOut = await openScript({ authorization: `Bearer ${await makeJwt(leaver)}` });
		await signedOut.subscribe(leaver.project.id);
		const orphaned = await openScript({ "x-api-key": (await makeToken(leaver, ["events:read"])).token });
		await orphaned.subscribe(leaver.project.id);

		await ada.call("DELETE", `${ada.base}/tokens/${id}`);
		await leaver.call("POST", "/api/v1/auth/logout");
		await api.db.pool.query("delete from project_members where user_id = $1", [leaver.session.user.id]);
		const startedAt = Date.now();
		expect(await Promise.all([revoked.closed, signedOut.closed, orphaned.closed])).toEqual([1008, 1008, 1008]);
		expect(Date.now() - startedAt).toBeLessThan(5_000);
	});
});
