import { CreateNodeInput, type ImportPlanInput, maxDocumentLinks, type PlanDocument } from "@agentplanner/contracts";
import { asc, eq, events, plans } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { addDependency } from "../dependencies/add-dependency.ts";
import { listPlanDependencies } from "../dependencies/list-plan-dependencies.ts";
import { buildPlan } from "../dependencies/testing.ts";
import { ForbiddenError, NotFoundError, UnprocessableError } from "../errors.ts";
import { createNode } from "../plans/create-node.ts";
import { deleteNode } from "../plans/delete-nodes.ts";
import { getPlanTree } from "../plans/get-plan-tree.ts";
import { setNodeStatus } from "../plans/set-node-status.ts";
import { updatePlan } from "../plans/update-plan.ts";
import { buildMember, buildProject } from "../testing.ts";
import { exportPlan } from "./export-plan.ts";
import { importPlan } from "./import-plan.ts";
import { previewImport } from "./preview-import.ts";
import { anyDocument } from "./testing.ts";

let database: TestDatabase;
let owner: ProjectContext;
beforeAll(async () => {
	database = await createTestDatabase();
	owner = await buildProject(database.db);
});
afterAll(() => database.drop());

const exportedAs = async (planId: string, format: "markdown" | "json"): Promise<ImportPlanInput> => {
	const { content } = await exportPlan(owner, planId, format);
	return content.format === "markdown" ? { format: "markdown", content: content.text } : content.document;
};
/** Labels have no order of their own. */
const inOrder = (input: ImportPlanInput) =>
	input.format === "markdown" ? input : { ...input, nodes: input.nodes.map((node) => ({ ...node, labels: node.labels.toSorted() })) };
const plansOf = ({ projectId }: ProjectContext) => database.db.orm.select().from(plans).where(eq(plans.projectId, projectId));

test("any plan is the same after an export and an import, as JSON and as Markdown", async () => {
	await fc.assert(
		fc.asyncProperty(anyDocument, async (document) => {
			const { id } = await importPlan(owner, document);
			expect(inOrder(await exportedAs(id, "json"))).toEqual(inOrder(document));
			const again = await importPlan(owner, await exportedAs(id, "markdown"));
			expect(inOrder(await exportedAs(again.id, "json"))).toEqual(inOrder(document));
		}),
		{ numRuns: 25 },
	);
});

test("makes the plan with its tree in order, and says so; what comes later goes behind", async () => {
	const content = "# Launch\n\n- [x] First\n- [ ] Second\n  - Due: 2027-03-01\n\n## Phase\n\n- [ ] Below\n";
	const plan = await importPlan(owner, { format: "markdown", content });
	expect(plan).toMatchObject({ title: "Launch", project_id: owner.projectId });
	await createNode(owner, plan.id, CreateNodeInput.parse({ title: "Later" }));
	const { nodes } = await getPlanTree(owner, plan.id);
	expect(nodes.map(({ title, status }) => [title, status])).toEqual([
		["First", "completed"],
		["Second", "not_started"],
		["Phase", "not_started"],
		["Later", "not_started"],
		["Below", "not_started"],
	]);
	const said = await database.db.orm.select().from(events).where(eq(events.planId, plan.id)).orderBy(asc(events.id));
	expect(said.slice(0, 2).map(({ type, data }) => [type, data])).toEqual([
		["plan.created", { title: "Launch" }],
		["plan.imported", { nodes: 4, dependencies: 0 }],
	]);
});

test("links its nodes, each two once; what waits is as if somebody had linked it; an archived plan comes back as one", async () => {
	const content = `# Launch
- Status: archived
- [ ] First
  - Related to: Third
- [!] Second
  - Waits for: First, First
- [!] Third
  - Related to: First
  - Labels: x
`;
	const { id, status } = await importPlan(owner, { format: "markdown", content });
	expect(status).toBe("archived");
	const { items } = await listPlanDependencies(owner, id, { limit: 10 });
	expect(items.map(({ kind, upstream, downstream }) => [kind, ...[upstream.title, downstream.title].sort()]).sort()).toEqual([
		["blocks", "First", "Second"],
		["relates_to", "First", "Third"],
	]);
	await updatePlan(owner, id, { status: "active" }, null);
	const { nodes, waiting } = await getPlanTree(owner, id);
	const [first, second, third] = nodes;
	expect(waiting).toEqual([second?.id]);
	expect([second?.blocked_by, third?.blocked_by]).toEqual(["dependency", "person"]);
	await setNodeStatus(owner, first?.id ?? "", { status: "completed" }, null);
	expect((await getPlanTree(owner, id)).nodes.map((node) => node.status)).toEqual(["completed", "not_started", "blocked"]);
});

test("what nodes have to do with other plans, or with deleted nodes, stays behind", async () => {
	const one = await buildPlan(database.db, owner, "a b c", ["a>b", "c>b"]);
	const other = await buildPlan(database.db, owner, "d");
	await addDependency(owner, one.id("a"), { relation: "blocked_by", node_id: other.id("d") });
	await deleteNode(owner, one.id("c"), null);
	expect(await exportedAs(one.planId, "markdown")).toMatchObject({
		content: "# Launch\n\n- [ ] a\n- [ ] b\n  - Waits for: a\n",
	});
});

test("what can't be read makes nothing, and names what is wrong", async () => {
	const before = await plansOf(owner);
	const node = { kind: "task", title: "T", status: "not_started", description: "", context: "", task_mode: "free" } as const;
	const texts = { agent_instructions: "", acceptance_criteria: "", due_at: null, waits_for: [], relates_to: [] };
	const of = (...places: [id: string, parent: string | null][]): PlanDocument => ({
		format: "agentplanner.plan",
		format_version: 1,
		plan: { title: "Launch", description: "", status: "active" },
		nodes: places.map(([id, parent]) => ({ id, parent, ...node, ...texts, labels: [] })),
	});
	const linked = (key: "waits_for" | "relates_to", ...links: [from: string, to: string][]): PlanDocument => {
		const tree = of(["a", null], ["b", "a"], ["c", null]);
		const linksOf = (id: string) => links.flatMap(([from, to]) => (from === id ? [to] : []));
		return { ...tree, nodes: tree.nodes.map((one) => ({ ...one, [key]: linksOf(one.id) })) };
	};
	const stairs = Array.from({ length: 21 }, (_, level): [string, string | null] => [`${level}`, level === 0 ? null : `${level - 1}`]);
	const many = Array.from({ length: maxDocumentLinks }, (): [string, string] => ["b", "c"]);
	for (const [document, field] of [
		[of(["a", null], ["a", null]), "body.nodes.1.id"],
		[of(["a", "b"], ["b", null]), "body.nodes.0.parent"],
		[of(["a", "a"]), "body.nodes.0.parent"],
		[of(...stairs), "body.nodes.20.parent"],
		[linked("waits_for", ["b", "c"], ["b", "d"]), "body.nodes.1.waits_for.1"],
		[linked("relates_to", ["c", "c"]), "body.nodes.2.relates_to.0"],
		[linked("waits_for", ["b", "c"], ["c", "a"]), "body.nodes.2.waits_for.0"],
		[linked("waits_for", ["b", "a"]), "body.nodes.1.waits_for.0"],
		[linked("relates_to", ...many, ["c", "a"]), "body.nodes.2.relates_to.0"],
		[{ format: "markdown", content: "# Launch\n\n- [?] odd\n" }, "body.content"],
	] as const)
		for (const read of [importPlan, previewImport]) {
			const attempt = read(owner, document);
			await expect(attempt).rejects.toThrow(UnprocessableError);
			await expect(attempt).rejects.toMatchObject({ fields: [{ field }] });
		}
	expect(await plansOf(owner)).toEqual(before);
});

test("a preview shows the document and makes nothing", async () => {
	const before = await plansOf(owner);
	const preview = await previewImport(owner, { format: "markdown", content: "# Launch\n- [ ] Task\n" });
	expect(preview).toMatchObject({ plan: { title: "Launch" }, nodes: [{ id: "1", title: "Task" }] });
	expect(await plansOf(owner)).toEqual(before);
});

test("an editor imports, a viewer only exports; in another project the plan is not found", async () => {
	const [editor, viewer] = [
		await buildMember(database.db, owner.projectId, "editor"),
		await buildMember(database.db, owner.projectId, "viewer"),
	];
	const file: ImportPlanInput = { format: "markdown", content: "# Launch\n" };
	const { id } = await importPlan(editor, file);
	expect(await exportPlan(viewer, id, "markdown")).toEqual({ fileName: "launch.md", content: { format: "markdown", text: "# Launch\n" } });
	await expect(importPlan(viewer, file)).rejects.toThrow(ForbiddenError);
	await expect(previewImport(viewer, file)).rejects.toThrow(ForbiddenError);
	await expect(exportPlan(await buildProject(database.db), id, "json")).rejects.toThrow(NotFoundError);
});

test("ten thousand nodes go in and out", async () => {
	const content = `# Large\n\n${Array.from({ length: 100 }, (_, phase) => `## Phase ${phase}\n\n${"- [ ] Task\n".repeat(99)}`).join("\n")}`;
	const { id } = await importPlan(owner, { format: "markdown", content });
	expect((await getPlanTree(owner, id)).nodes).toHaveLength(10_000);
	expect(await exportedAs(id, "markdown")).toEqual({ format: "markdown", content });
}, 120_000);
