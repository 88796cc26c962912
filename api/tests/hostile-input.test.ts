import { request as httpRequest } from "node:http";
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
afterAll(async () => {
	// A 5xx is a defect, so nothing here may have been logged as one.
	expect(api.logged.map((line) => JSON.parse(line).err)).toEqual([]);
	await api.close();
});

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

const hostile: Record<string, string> = {
	"U+0000": JSON.stringify("a\u0000b"),
	"half a character": '"\\ud800"',
	"the other half": '"x\\udc00"',
	"an infinite number": "1e999",
	"a huge number": "123456789012345678901234567890",
	"a negative number": "-1",
	"a fraction": "0.5",
	null: "null",
	true: "true",
	"an array": "[]",
	"an array of arrays": "[[[[]]]]",
	"an object": "{}",
	"an object with U+0000 in a name": '{"a\\u0000":1}',
	"an object with a prototype": '{"__proto__":{"admin":true},"constructor":{"prototype":{}}}',
	"an empty text": '""',
	"blank text": '"   "',
	"line breaks": '"a\\r\\nb"',
	"a bad uuid": '"00000000-0000-0000-0000-00000000000g"',
	"the nil uuid": '"00000000-0000-0000-0000-000000000000"',
	"a date that is none": '"2026-02-31T00:00:00Z"',
	"the year 0": '"0000-01-01T00:00:00Z"',
	"the year 9999": '"9999-12-31T23:59:59.999999999Z"',
	"a text of direction marks": '"\\u202e\\u2066\\ufeff"',
	"a long text": JSON.stringify("ä".repeat(60_000)),
	"deep JSON": nested(100),
	"very deep JSON": nested(20_000),
	"very deep arrays": "[".repeat(50_000) + "]".repeat(50_000),
};

test("no value in any field of any body is a 5xx", { timeout: 60_000 }, async () => {
	const { plan, node, integration, agent } = made;
	const bodies: [method: string, path: string, body: Record<string, unknown>][] = [
		["POST", "/api/v1/projects", { name: "X" }],
		["POST", `${ada.base}/plans`, { title: "X", description: "" }],
		["PATCH", `${ada.base}/plans/${plan.id}`, { title: "X", description: "" }],
		[
			"POST",
			`${ada.base}/plans/${plan.id}/nodes`,
			{
				parent_id: null,
				kind: "task",
				title: "X",
				description: "",
				context: "",
				task_mode: "plan",
				agent_instructions: "",
				acceptance_criteria: "",
				due_at: null,
			},
		],
		["PATCH", `${ada.base}/nodes/${node.id}`, { title: "X", kind: "task", agent_instructions: "", due_at: null }],
		["PUT", `${ada.base}/nodes/${node.id}/status`, { status: "blocked" }],
		["POST", `${ada.base}/agents`, { name: "X", description: "" }],
		["PATCH", `${ada.base}/agents/${agent.id}`, { name: "X", description: "" }],
		["PUT", `${ada.base}/routes`, { routes: [] }],
		["POST", `${ada.base}/integrations`, { adapter: "webhook", name: "X", settings: {}, secrets: {} }],
		["PATCH", `${ada.base}/integrations/${integration.id}`, { name: "X", settings: {}, secrets: {} }],
		["POST", `${ada.base}/requests`, { node_id: node.id, question: "?", targets: [], answer_policy: { kind: "first" }, deadline_at: null }],
		["POST", `${ada.base}/requests/preview`, { node_id: node.id, targets: [] }],
		[
			"POST",
			`${ada.base}/decisions`,
			{ node_id: node.id, question: "?", details: "", decider_ids: [], notify: [], expires_at: null, on_expiry: "wait", options: null },
		],
	];
	for (const [method, path, body] of bodies) {
		for (const field of [...Object.keys(body), "unknown"]) {
			await Promise.all(
				Object.entries(hostile).map(async ([name, json]) => {
					const rest = Object.entries(body).filter(([key, value]) => key !== field && value !== null);
					const text = `{${[...rest.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`), `"${field}":${json}`].join(",")}}`;
					const reply = await ada.call(method, path, { body: text });
					expect(reply.status, `${method} ${path} with ${name} as ${field}: ${JSON.stringify(reply.body)}`).toBeLessThan(500);
				}),
			);
		}
	}
});

test("no value inside a channel's settings or secrets is a 5xx", async () => {
	for (const [name, json] of Object.entries(hostile))
		for (const part of ["settings", "secrets"])
			for (const field of ["url", "headers", "signing_secret", "__proto__"]) {
				const other = part === "settings" ? '"secrets":{}' : '"settings":{"url":"https://agent.example.org/"}';
				const reply = await ada.call("POST", `${ada.base}/integrations`, {
					body: `{"adapter":"webhook","name":"X",${other},"${part}":{"${field}":${json}}}`,
				});
				expect(reply.status, `${name} as ${part}.${field}: ${JSON.stringify(reply.body)}`).toBeLessThan(500);
			}
});

test("no body at all is a 5xx, whatever JSON it is", async () => {
	for (const [name, json] of Object.entries(hostile))
		expect([400, 422], name).toContain((await ada.call("POST", "/api/v1/projects", { body: json })).status);
});

const rawGet = (path: string) =>
	new Promise<number>((resolve, reject) => {
		const outgoing = httpRequest(`${api.url}/`, { path, headers: { cookie: ada.cookie ?? "" }, agent: false }, (response) => {
			response.resume().on("end", () => resolve(response.statusCode ?? 0));
		});
		outgoing.on("error", reject).end();
	});

test("no path and no query is a 5xx", async () => {
	for (const path of [
		"/api/v1/projects/%00",
		"/api/v1/projects/%ff",
		"/api/v1/projects/%",
		"/api/v1/projects/..%2f..",
		"/api/v1//projects",
		"//api/v1/projects",
		"/api/v1/projects/__proto__",
		`${ada.base}/plans?limit=1e999`,
		`${ada.base}/plans?limit=NaN`,
		`${ada.base}/plans?limit=5&limit=6`,
		`${ada.base}/plans?limit[]=5`,
		`${ada.base}/plans?limit[a][b]=5&__proto__[x]=1`,
		`${ada.base}/plans?cursor=%00`,
		`${ada.base}/plans?cursor=%ff`,
		`${ada.base}/plans?%ff=%`,
		`${ada.base}/events?cursor=99999999999999999999`,
		`${ada.base}/events?cursor=9007199254740991`,
		`${ada.base}/events?cursor=-1&subject_id=7`,
		`${ada.base}/requests?status=%00`,
		"/%ff",
		"/%00",
		"/assets/%00.js",
		"/assets/..%2f..%2fpackage.json",
		"/ingress/webhook/%00",
		"/ingress/%ff/7",
		"/ingress/webhook/00000000-0000-0000-0000-000000000000",
	])
		expect(await rawGet(path), path).toBeLessThan(500);
});
