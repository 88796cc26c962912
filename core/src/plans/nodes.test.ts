import { CreateNodeInput, type NodeStatus, nodeStatuses } from "@agentplanner/contracts";
import { eq, events, outbox, planNodes, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConflictError, ForbiddenError, NotFoundError, PreconditionFailedError, UnprocessableError } from "../errors.ts";
import { raceAgainst } from "../projects/race.ts";
import { buildMember, buildProject } from "../testing.ts";
import { createNode } from "./create-node.ts";
import { createPlan } from "./create-plan.ts";
import { getNode } from "./get-node.ts";
import { getPlanTree } from "./get-plan-tree.ts";
import { setNodeStatus } from "./set-node-status.ts";
import { updateNode } from "./update-node.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const nodeInput = (overrides: Partial<CreateNodeInput> = {}): CreateNodeInput => CreateNodeInput.parse({ title: "Write", ...overrides });
const buildPlan = async () => {
	const owner = await buildProject(database.db);
	const viewer = await buildMember(database.db, owner.projectId, "viewer");
	return { owner, viewer, plan: await createPlan(owner, { title: "Launch", description: "" }) };
};
const buildPlannedNode = async () => {
	const parts = await buildPlan();
	const { change_id: _, ...node } = await createNode(parts.owner, parts.plan.id, nodeInput());
	return { ...parts, node };
};
const eventsOf = (subjectId: string) => database.db.orm.select().from(events).where(eq(events.subjectId, subjectId)).orderBy(events.id);
const raiseVersion = (nodeId: string) => (tx: Parameters<Parameters<typeof raceAgainst>[1]>[0]) =>
	tx.update(planNodes).set({ version: sql`version + 1` }).where(eq(planNodes.id, nodeId));

describe("createNode", () => {
	test("appends after the last sibling and says so; no workflow is woken", async () => {
		const { owner, plan } = await buildPlan();
		const phase = await createNode(owner, plan.id, nodeInput({ kind: "phase", title: "Phase", due_at: "2030-01-01T12:00:00+02:00" }));
		expect(phase).toMatchObject({
			plan_id: plan.id,
			kind: "phase",
			task_mode: "free",
			status: "not_started",
			due_at: "2030-01-01T10:00:00.000Z",
		});
		for (const title of ["a", "b", "c"]) await createNode(owner, plan.id, nodeInput({ parent_id: phase.id, title }));
		const { nodes } = await getPlanTree(owner, plan.id);
		expect(nodes.map(({ title }) => title)).toEqual(["Phase", "a", "b", "c"]);
		const [event] = await eventsOf(phase.id);
		expect(event).toMatchObject({ type: "node.created", data: { plan_id: plan.id, parent_id: null, kind: "phase", title: "Phase" } });
		expect(await database.db.orm.select().from(outbox)).toEqual([]);
	});

	test("nodes added at once each get a place of their own", async () => {
		const { owner, plan } = await buildPlan();
		const made = await Promise.all(Array.from({ length: 12 }, (_, index) => createNode(owner, plan.id, nodeInput({ title: `${index}` }))));
		expect(new Set(made.map(({ position }) => position)).size).toBe(12);
	});

	test("a viewer may not; another project's plan is not found", async () => {
		const { viewer, plan } = await buildPlan();
		await expect(createNode(viewer, plan.id, nodeInput())).rejects.toThrow(ForbiddenError);
		await expect(createNode(await buildProject(database.db), plan.id, nodeInput())).rejects.toThrow(NotFoundError);
	});

	test("a parent in another plan, even of the same project, can't be used", async () => {
		const { owner, plan } = await buildPlan();
		const otherPlan = await createPlan(owner, { title: "Other", description: "" });
		const foreign = await createNode(owner, otherPlan.id, nodeInput());
		const attempt = createNode(owner, plan.id, nodeInput({ parent_id: foreign.id }));
		await expect(attempt).rejects.toThrow(UnprocessableError);
		await expect(attempt).rejects.toMatchObject({ fields: [{ field: "body.parent_id" }] });
	});

	test("twenty levels are allowed, the next one is not", async () => {
		const { owner, plan } = await buildPlan();
		let parent: string | null = null;
		for (let level = 1; level <= 20; level += 1) parent = (await createNode(owner, plan.id, nodeInput({ parent_id: parent }))).id;
		await expect(createNode(owner, plan.id, nodeInput({ parent_id: parent }))).rejects.toMatchObject({
			code: "unprocessable",
			fields: [{ field: "body.parent_id" }],
		});
	});
});

test("getNode shows it in its own project only", async () => {
	const { viewer, node } = await buildPlannedNode();
	expect(await getNode(viewer, node.id)).toEqual(node);
	await expect(getNode(await buildProject(database.db), node.id)).rejects.toThrow(NotFoundError);
});

describe("updateNode", () => {
	test("changes the given fields only; a due date can be set and taken away", async () => {
		const { owner, node } = await buildPlannedNode();
		const dated = await updateNode(owner, node.id, { agent_instructions: "Be brief", due_at: "2030-01-01T00:00:00Z" }, 1);
		expect(dated).toMatchObject({ title: "Write", agent_instructions: "Be brief", due_at: "2030-01-01T00:00:00.000Z", version: 2 });
		expect(await updateNode(owner, node.id, { kind: "milestone" }, 2)).toMatchObject({ kind: "milestone", due_at: dated.due_at });
		expect(await updateNode(owner, node.id, { due_at: null }, 3)).toMatchObject({ due_at: null, version: 4 });
		const told = { description: "A post", context: "Last year's is linked", task_mode: "research" as const };
		expect(await updateNode(owner, node.id, told, 4)).toEqual({ ...(await getNode(owner, node.id)), ...told, version: 5 });
		expect((await eventsOf(node.id)).filter(({ type }) => type === "node.updated")).toHaveLength(4);
	});

	test("without a field nothing changes and nothing is said", async () => {
		const { owner, node } = await buildPlannedNode();
		expect(await updateNode(owner, node.id, { title: undefined }, null)).toEqual(node);
		expect(await eventsOf(node.id)).toHaveLength(1);
	});

	test("a viewer may not; in another project it is not found", async () => {
		const { viewer, node } = await buildPlannedNode();
		await expect(updateNode(viewer, node.id, { title: "Mine" }, null)).rejects.toThrow(ForbiddenError);
		await expect(updateNode(await buildProject(database.db), node.id, { title: "Mine" }, null)).rejects.toThrow(NotFoundError);
	});

	test("of two edits of one version, one is a conflict", async () => {
		const { owner, node } = await buildPlannedNode();
		const outcomes = await Promise.allSettled(["one", "other"].map((title) => updateNode(owner, node.id, { title }, 1)));
		expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
		expect(outcomes.find((outcome) => outcome.status === "rejected")?.reason).toBeInstanceOf(PreconditionFailedError);
	});

	test("who is overtaken between reading and writing gets a conflict", async () => {
		const { owner, node } = await buildPlannedNode();
		const attempt = raceAgainst(database.db, raiseVersion(node.id), () => updateNode(owner, node.id, { title: "Late" }, null));
		await expect(attempt).rejects.toThrow(ConflictError);
	});
});

describe("setNodeStatus", () => {
	test("can move to every status and says from where to where", async () => {
		const { owner, plan, node } = await buildPlannedNode();
		let from: NodeStatus = node.status;
		for (const [index, to] of nodeStatuses.filter((status) => status !== "not_started").entries()) {
			expect(await setNodeStatus(owner, node.id, { status: to }, index + 1)).toMatchObject({ status: to, version: index + 2 });
			expect((await eventsOf(node.id)).at(-1)).toMatchObject({ type: "node.status.changed", data: { plan_id: plan.id, from, to } });
			from = to;
		}
	});

	test("the status it has already changes nothing and says nothing", async () => {
		const { owner, node } = await buildPlannedNode();
		expect(await setNodeStatus(owner, node.id, { status: "not_started" }, null)).toEqual(node);
		expect(await eventsOf(node.id)).toHaveLength(1);
	});

	test("a viewer may not; in another project it is not found", async () => {
		const { viewer, node } = await buildPlannedNode();
		await expect(setNodeStatus(viewer, node.id, { status: "completed" }, null)).rejects.toThrow(ForbiddenError);
		await expect(setNodeStatus(await buildProject(database.db), node.id, { status: "completed" }, null)).rejects.toThrow(NotFoundError);
	});

	test("a stale version, or being overtaken, is a conflict", async () => {
		const { owner, node } = await buildPlannedNode();
		const attempt = raceAgainst(database.db, raiseVersion(node.id), () => setNodeStatus(owner, node.id, { status: "blocked" }, null));
		await expect(attempt).rejects.toThrow(ConflictError);
		await expect(setNodeStatus(owner, node.id, { status: "blocked" }, 1)).rejects.toThrow(PreconditionFailedError);
		expect(await getNode(owner, node.id)).toMatchObject({ status: "not_started" });
	});
});
