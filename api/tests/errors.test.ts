import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "@agentplanner/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { furnish, type Owner, type Reply, startApi, type TestApi } from "./start-api.ts";

let api: TestApi;
let ada: Owner;
beforeAll(async () => {
	api = await startApi();
	ada = await api.owner();
});
afterAll(() => api.close());

const fieldsOf = (reply: Reply) => (reply.body.errors ?? []).map((error: { field: string }) => error.field);

/** Every error has the same shape, whoever raised it. */
const expectProblem = (reply: Reply, status: number, code: string) => {
	expect(reply.body).toMatchObject({ status, code });
	expect(reply.status).toBe(status);
	expect(reply.headers.get("content-type")).toBe("application/problem+json");
	expect(Problem.parse(reply.body).request_id).toBe(reply.headers.get("x-request-id"));
};

describe("invalid input", () => {
	test("a wrong body names each field, and unknown keys one by one", async () => {
		const reply = await ada.call("POST", `${ada.base}/requests`, {
			body: { node_id: "7", question: " ", answer_policy: { kind: "quorum", count: 0 }, colour: "red", size: 3 },
		});
		expectProblem(reply, 400, "invalid_input");
		expect(fieldsOf(reply).sort()).toEqual(["body.answer_policy.count", "body.colour", "body.node_id", "body.question", "body.size"]);
	});

	test("inside a union the field of the likeliest branch is named", async () => {
		const { node } = await furnish(ada);
		const reply = await ada.call("POST", `${ada.base}/requests`, {
			body: { node_id: node.id, question: "?", targets: [{ agent_id: "7" }] },
		});
		expectProblem(reply, 400, "invalid_input");
		expect(fieldsOf(reply)).toEqual(["body.targets.0.agent_id"]);
	});

	test("what fits the schema and breaks a rule beyond it is a 422", async () => {
		const { plan } = await furnish(ada);
		const create = (body: object) => ada.call("POST", `${ada.base}/plans/${plan.id}/nodes`, { body });
		const reply = await create({ title: "X", labels: ["copy", "Copy"] });
		expectProblem(reply, 422, "unprocessable");
		expect(fieldsOf(reply)).toEqual(["body.labels"]);
		const both = await create({ title: "", labels: ["copy", "Copy"] });
		expectProblem(both, 400, "invalid_input");
		expect(fieldsOf(both).sort()).toEqual(["body.labels", "body.title"]);
	});

	test("queries and paths name theirs", async () => {
		expect(fieldsOf(await ada.call("GET", `${ada.base}/plans?limit=0&limt=5`)).sort()).toEqual(["query.limit", "query.limt"]);
		expect(fieldsOf(await ada.call("GET", `${ada.base}/plans?cursor=nonsense`))).toEqual(["query.cursor"]);
		expect(fieldsOf(await ada.call("GET", "/api/v1/projects/7"))).toEqual(["params.projectId"]);
		expect(fieldsOf(await ada.call("GET", `${ada.base}/nodes/7`))).toEqual(["params.nodeId"]);
	});

	test("headers name theirs", async () => {
		const { node } = await furnish(ada);
		const reply = await ada.call("PATCH", `${ada.base}/nodes/${node.id}`, { body: { title: "X" }, headers: { "if-match": "latest" } });
		expectProblem(reply, 400, "invalid_input");
		expect(fieldsOf(reply)).toEqual(["headers.if-match"]);
		expect(
			fieldsOf(await ada.call("POST", "/api/v1/projects", { body: { name: "X" }, headers: { "idempotency-key": "k".repeat(256) } })),
		).toEqual(["headers.idempotency-key"]);
	});

	test("a body that is missing, no object or no JSON is a 400", async () => {
		expectProblem(await ada.call("POST", "/api/v1/projects"), 400, "invalid_input");
		expectProblem(await ada.call("POST", "/api/v1/projects", { body: [] }), 400, "invalid_input");
		expectProblem(await ada.call("POST", "/api/v1/projects", { body: '"text"' }), 400, "invalid_input");
		const broken = await ada.call("POST", "/api/v1/projects", { body: '{"name": ' });
		expectProblem(broken, 400, "invalid_input");
		expect(fieldsOf(broken)).toEqual(["body"]);
		for (const body of ["null", "1", "[]", '"text"', "true"]) {
			const reply = await ada.call("POST", "/api/v1/projects", { body });
			expectProblem(reply, 400, "invalid_input");
			expect(reply.body.errors, body).toEqual([{ field: "body", message: "must be an object" }]);
		}
	});

	test("an endpoint without a body accepts none or an empty one, and nothing else", async () => {
		expect((await ada.call("POST", `${ada.base}/select`)).status).toBe(200);
		expect((await ada.call("POST", `${ada.base}/select`, { body: {} })).status).toBe(200);
		expect(fieldsOf(await ada.call("POST", `${ada.base}/select`, { body: { name: "X" } }))).toEqual(["body.name"]);
	});
});

describe("other refusals", () => {
	test("anything but JSON is a 415, also without a content type", async () => {
		for (const type of [
			"text/plain",
			"application/x-www-form-urlencoded",
			"multipart/form-data; boundary=x",
			"application/json; charset=latin1",
		])
			expectProblem(
				await ada.call("POST", "/api/v1/projects", { body: '{"name":"X"}', headers: { "content-type": type } }),
				415,
				"unsupported_media_type",
			);
		const untyped = await fetch(`${api.url}/api/v1/auth/login`, { method: "POST", body: new Blob(["{}"]) });
		expect(untyped.status).toBe(415);
		const streamed = await fetch(`${api.url}/api/v1/auth/login`, {
			method: "POST",
			body: new Blob(["{}"]).stream(),
			duplex: "half",
		} as RequestInit);
		expect(streamed.status).toBe(415);
	});

	test("of a request without a body the type doesn't matter", async () => {
		for (const type of ["multipart/form-data", "text/plain", "application/x-www-form-urlencoded", "x"])
			expect((await ada.call("GET", "/api/v1/adapters", { headers: { "content-type": type } })).status, type).toBe(200);
	});

	test("more than 256 KiB is a 413", async () => {
		const reply = await ada.call("POST", "/api/v1/projects", { body: { name: "x".repeat(256 * 1024) } });
		expectProblem(reply, 413, "payload_too_large");
	});

	test("an unknown path is a 404 problem, also for nobody", async () => {
		expectProblem(await api.caller().call("GET", "/api/v1/nothing"), 404, "not_found");
		expectProblem(await ada.call("GET", "/api/nothing"), 404, "not_found");
		expectProblem(await ada.call("GET", "/ingress/nothing"), 404, "not_found");
		expectProblem(await ada.call("POST", "/plans/7"), 404, "not_found");
	});

	test("an edit of an older version is a 412, one of the current version gets the next as ETag", async () => {
		const { node } = await furnish(ada);
		const path = `${ada.base}/nodes/${node.id}`;
		expect((await ada.call("GET", path)).headers.get("etag")).toBe('"1"');
		const edited = await ada.call("PATCH", path, { body: { title: "Draft" }, headers: { "if-match": '"1"' } });
		expect(edited).toMatchObject({ status: 200, body: { title: "Draft", version: 2 } });
		expect(edited.headers.get("etag")).toBe('"2"');
		expectProblem(await ada.call("PATCH", path, { body: { title: "Mine" }, headers: { "if-match": '"1"' } }), 412, "precondition_failed");
	});

	test("an adapter or setting that doesn't exist is a 422 that names the field", async () => {
		const unknown = await ada.call("POST", `${ada.base}/integrations`, { body: { adapter: "pigeon", name: "P", settings: {} } });
		expectProblem(unknown, 422, "unprocessable");
		expect(fieldsOf(unknown)).toEqual(["body.adapter"]);
		const setting = await ada.call("POST", `${ada.base}/integrations`, {
			body: { adapter: "webhook", name: "W", settings: { url: "ftp://x" } },
		});
		expect([400, 422]).toContain(setting.status);
		expect(fieldsOf(setting)).toEqual(["body.settings.url"]);
	});
});

describe("what never becomes a request", () => {
	const raw = (text: string) =>
		new Promise<string>((resolve, reject) => {
			const stream = connect(Number(new URL(api.url).port), "127.0.0.1");
			let reply = "";
			stream.setEncoding("utf8").on("data", (part: string) => {
				reply += part;
			});
			stream.on("error", reject).on("close", () => resolve(reply));
			stream.write(text);
		});

	test.each([
		["an address that is none", 400, "GET http://[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
		["no HTTP at all", 400, "HELO planner\r\n\r\n"],
		["two lengths", 400, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"],
		["large headers", 431, `GET / HTTP/1.1\r\nHost: x\r\nCookie: ${"x".repeat(20_000)}\r\n\r\n`],
	])("%s is a problem all the same", async (_name, status, text) => {
		const [head = "", body = ""] = (await raw(text)).split("\r\n\r\n");
		expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
		expect(head.toLowerCase()).toContain("content-type: application/problem+json");
		const problem = Problem.parse(JSON.parse(body));
		expect(problem.status).toBe(status);
		expect(head.toLowerCase()).toContain(`x-request-id: ${problem.request_id}`);
	});
});

describe("every response", () => {
	test("carries the caller's request id and trace, or new ones", async () => {
		const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
		const reply = await ada.call("GET", ada.base, { headers: { "x-request-id": "click-7", traceparent } });
		expect(reply.headers.get("x-request-id")).toBe("click-7");
		expect(reply.headers.get("traceparent")).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
		expect(reply.headers.get("traceparent")).not.toBe(traceparent);

		const odd = await ada.call("GET", ada.base, { headers: { "x-request-id": "a b".repeat(99), traceparent: "00-0-0-0" } });
		expect(odd.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
		expect(odd.headers.get("traceparent")).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
	});

	test("both are on the rows that the request causes", async () => {
		const traceparent = "00-1af7651916cd43dd8448eb211c80319d-b7ad6b7169203331-01";
		const { body: plan } = await ada.call("POST", `${ada.base}/plans`, {
			body: { title: "Traced" },
			headers: { "x-request-id": "click-8", traceparent },
		});
		const { rows } = await api.db.pool.query("select request_id, trace_id from events where subject_id = $1", [plan.id]);
		expect(rows).toEqual([{ request_id: "click-8", trace_id: "1af7651916cd43dd8448eb211c80319d" }]);
	});

	test("has a strict policy that works over plain http", async () => {
		const { headers } = await ada.call("GET", "/");
		const policy = headers.get("content-security-policy") ?? "";
		expect(policy).toContain("default-src 'none'");
		expect(policy).toContain("script-src 'self'");
		expect(policy).toContain("style-src 'self' 'unsafe-inline'");
		expect(policy).toContain("ws://planner.test");
		expect(policy).not.toContain("upgrade-insecure-requests");
		expect(headers.get("strict-transport-security")).toBeNull();
		expect(headers.get("x-powered-by")).toBeNull();
		expect(headers.get("x-content-type-options")).toBe("nosniff");
	});
});

describe("every refusal is a problem", () => {
	const nowhere = "/ingress/webhook/00000000-0000-7000-8000-000000000000";
	const big = "x".repeat(1024 * 1024 + 1);
	const json = { "content-type": "application/json" };
	test.each<[name: string, status: number, code: string, method: string, path: string, options?: RequestInit]>([
		["an unknown address", 404, "not_found", "GET", "/api/v2/projects"],
		["an unknown page", 404, "not_found", "GET", "/missing.js"],
		["a % that encodes nothing", 400, "invalid_input", "GET", "/api/v1/projects/%ff"],
		["the same elsewhere", 400, "invalid_input", "GET", "/ingress/%ff/7"],
		["half of a JSON", 400, "invalid_input", "POST", "/api/v1/auth/login", { body: '{"email":', headers: json }],
		["no JSON", 415, "unsupported_media_type", "POST", "/api/v1/auth/login", { body: "a=b" }],
		[
			"an unknown encoding",
			415,
			"unsupported_media_type",
			"POST",
			"/api/v1/auth/login",
			{ body: "{}", headers: { ...json, "content-encoding": "zip" } },
		],
		["too much", 413, "payload_too_large", "POST", "/api/v1/auth/login", { body: JSON.stringify({ big }), headers: json }],
		["nobody", 401, "unauthorized", "GET", "/api/v1/projects"],
		["an unknown token", 401, "unauthorized", "GET", "/api/v1/projects", { headers: { authorization: "Bearer ap_x" } }],
		["an unknown platform", 404, "not_found", "POST", "/ingress/pigeon/7"],
		["an unknown integration", 404, "not_found", "POST", nowhere, { body: "{}" }],
		["too much from a platform", 413, "payload_too_large", "POST", nowhere, { body: big }],
		[
			"a compressed body from a platform",
			415,
			"unsupported_media_type",
			"POST",
			nowhere,
			{ body: "x", headers: { "content-encoding": "gzip" } },
		],
	])("%s", async (_name, status, code, method, path, options) => {
		const response = await fetch(`${api.url}${path}`, { ...options, method });
		expectProblem({ status: response.status, headers: response.headers, body: await response.json() }, status, code);
		expect(response.headers.get("www-authenticate")).toBe(status === 401 ? 'Bearer realm="AgentPlanner"' : null);
	});

	test.each([
		["DELETE", "/api/v1/projects", "POST, GET, HEAD"],
		["OPTIONS", "/api/v1/auth/login", "POST"],
		["DELETE", "/api/v1/projects/7/plans/7/routes", "GET, HEAD, PUT"],
		["QUERY", "/api/v1/adapters", "GET, HEAD"],
		["POST", "/api/openapi.json", "GET, HEAD"],
		["DELETE", "/health", "GET, HEAD"],
		["PATCH", "/ready", "GET, HEAD"],
		["GET", "/api/v1/projects/7/requests/preview", "POST"],
		["PUT", nowhere, "GET, HEAD, POST"],
		["POST", "/api/v1/auth/github", "GET, HEAD"],
		["POST", "/api/v1/auth/github/callback", "GET, HEAD"],
	])("%s %s is a 405 with what is allowed", async (method, path, allow) => {
		const response = await fetch(`${api.url}${path}`, { method });
		expectProblem({ status: response.status, headers: response.headers, body: await response.json() }, 405, "method_not_allowed");
		expect(response.headers.get("allow")).toBe(allow);
	});

	test("HEAD is answered as GET, without a body", async () => {
		for (const path of ["/api/v1/projects", "/api/openapi.json", "/health"]) {
			const head = await fetch(`${api.url}${path}`, { method: "HEAD", headers: { cookie: ada.cookie ?? "" } });
			expect([path, head.status, await head.text()]).toEqual([path, 200, ""]);
		}
		expect((await fetch(`${api.url}/api/v1/projects`, { method: "HEAD" })).status).toBe(401);
	});

	test("guessing signatures ends in a 429 that says how long to wait", async () => {
		const { integration } = await furnish(ada);
		const guess = () => fetch(`${api.url}/ingress/webhook/${integration.id}`, { method: "POST", body: "{}" });
		for (let tries = 0; tries < 60; tries += 1) expect((await guess()).status).toBe(401);
		const response = await guess();
		expectProblem({ status: response.status, headers: response.headers, body: await response.json() }, 429, "limit_exceeded");
		expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
	});
});

test("a caller that goes away before the answer, as browsers do, is nothing to warn of", async () => {
	const told = await startApi({ env: { LOG_LEVEL: "debug" } });
	try {
		const { cookie } = await told.signUp();
		const lines = () => told.logged.map((line) => JSON.parse(line));
		const port = Number(new URL(told.url).port);
		// Gone at another moment each time: before it is known who asks, or later.
		for (let attempt = 0; attempt < 40; attempt += 1) {
			const socket = connect(port, "127.0.0.1");
			socket.write(`GET /api/v1/projects HTTP/1.1\r\nHost: planner.test\r\nCookie: ${cookie}\r\n\r\n`);
			await sleep(1 + (attempt % 8));
			socket.destroy();
		}
		await expect.poll(lines).toContainEqual(expect.objectContaining({ level: "debug", msg: "the caller went away" }));
		expect(lines().filter(({ level }) => level === "warn" || level === "error")).toEqual([]);
	} finally {
		await told.close();
	}
});
