import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Owner, startApi, type TestApi } from "./start-api.ts";

let api: TestApi;
let ada: Owner;
beforeAll(async () => {
	api = await startApi();
	ada = await api.owner();
});
afterAll(() => api.close());

const markdown = { "content-type": "text/markdown; charset=utf-8" };
const file = "# Größe & Ziel\n\n## Prepare\n\n- [x] Freeze the code\n- [ ] Draft the post\n  - Instructions: At most 200 words.\n";
const importFile = (body: unknown, headers: Record<string, string> = {}, path = "") =>
	ada.call("POST", `${ada.base}/plans/import${path}`, { body, headers });
const exportAs = (planId: string, query = "") => ada.call("GET", `${ada.base}/plans/${planId}/export${query}`);

test("a Markdown file goes in as it stands, and comes out with a name", async () => {
	const { status, body: plan } = await importFile(file, markdown);
	expect([status, plan.title]).toEqual([201, "Größe & Ziel"]);
	const { headers, body } = await exportAs(plan.id);
	expect(body).toBe(file);
	expect(headers.get("content-type")).toBe("text/markdown");
	expect(headers.get("content-disposition")).toContain(`filename*=utf-8''${encodeURIComponent("größe-ziel.md")}`);
});

test("what an export gives as JSON is what an import takes", async () => {
	const { body: plan } = await importFile({ format: "markdown", content: file });
	const exported = await exportAs(plan.id, "?format=json");
	expect(exported.headers.get("content-disposition")).toContain(".json");
	expect(exported.body).toMatchObject({
		format: "agentplanner.plan",
		format_version: 1,
		nodes: [{ id: "1", kind: "phase" }, { id: "1.1" }, { id: "1.2" }],
	});
	const { body: copy } = await importFile(exported.body);
	expect((await exportAs(copy.id, "?format=json")).body).toEqual(exported.body);
	expect((await exportAs(plan.id, "?format=yaml")).status).toBe(400);
});

test("a repeat under the same key makes no second plan", async () => {
	const key = { "idempotency-key": randomUUID() };
	const [first, second] = [await importFile(file, { ...markdown, ...key }), await importFile(file, { ...markdown, ...key })];
	expect(second).toMatchObject({ status: 201, body: { id: first.body.id } });
	expect((await importFile("# Other\n", { ...markdown, ...key })).body.code).toBe("idempotency_key_reused");
});

test("what is no plan is refused with its lines, and nothing is made", async () => {
	const count = async () => (await ada.call("GET", `${ada.base}/plans?limit=200`)).body.items.length;
	const before = await count();
	for (const path of ["", "/preview"]) {
		expect(await importFile("# T\n\n- [?] odd\n", markdown, path)).toMatchObject({
			status: 422,
			body: { errors: [{ field: "body.content", message: expect.stringMatching(/^line 3: /) }] },
		});
		expect(await importFile({ format: "agentplanner.plan", format_version: 2, plan: { title: "" }, nodes: [{}] }, {}, path)).toMatchObject({
			status: 400,
			body: { errors: expect.arrayContaining([expect.objectContaining({ field: "body.plan.title" })]) },
		});
		expect((await importFile("# T\u0000\n", markdown, path)).status).toBe(422);
	}
	expect((await importFile(`# T\n${"x".repeat(9 * 1024 * 1024)}`, markdown)).status).toBe(413);
	expect(await count()).toBe(before);
});

test("a preview answers with the document; elsewhere Markdown is no body", async () => {
	const { body } = await importFile(file, markdown, "/preview");
	expect(body.nodes.map(({ title, status }: { title: string; status: string }) => [title, status])).toEqual([
		["Prepare", "not_started"],
		["Freeze the code", "completed"],
		["Draft the post", "not_started"],
	]);
	expect((await ada.call("POST", `${ada.base}/plans`, { body: "# T", headers: markdown })).status).toBe(415);
});
