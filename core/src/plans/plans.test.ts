import { randomUUID } from "node:crypto";
import { eq, events, plans, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createComment } from "../comments/create-comment.ts";
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError, PreconditionFailedError } from "../errors.ts";
import { stampEvents } from "../events/stamp-events.ts";
import { raceAgainst } from "../projects/race.ts";
import { getPublicLink } from "../sharing/public-link.ts";
import { readPublicPlan } from "../sharing/read-public-plan.ts";
import { setVisibility } from "../sharing/set-visibility.ts";
import { buildMember, buildNode, buildProject } from "../testing.ts";
import { createPlan } from "./create-plan.ts";
import { deleteNode } from "./delete-nodes.ts";
import { getPlanTree } from "./get-plan-tree.ts";
import { listPlans } from "./list-plans.ts";
import { setNodeStatus } from "./set-node-status.ts";
import { updatePlan } from "./update-plan.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildPlan = async () => {
	const owner = await buildProject(database.db);
	return { owner, plan: await createPlan(owner, { title: "Launch", description: "" }) };
};
const eventsOf = (subjectId: string) => database.db.orm.select().from(events).where(eq(events.subjectId, subjectId)).orderBy(events.id);

describe("createPlan", () => {
	test("makes a plan and says so", async () => {
		const { owner, plan } = await buildPlan();
		expect(plan).toMatchObject({ project_id: owner.projectId, title: "Launch", version: 1 });
		expect(await eventsOf(plan.id)).toMatchObject([{ type: "plan.created", projectId: owner.projectId, subjectType: "plan" }]);
	});

	test("a viewer may not, a stranger finds no project", async () => {
		const owner = await buildProject(database.db);
		const viewer = await buildMember(database.db, owner.projectId, "viewer");
		const input = { title: "Launch", description: "" };
		await expect(createPlan(viewer, input)).rejects.toThrow(ForbiddenError);
		const stranger = await buildProject(database.db);
		await expect(createPlan({ ...stranger, projectId: owner.projectId }, input)).rejects.toThrow(NotFoundError);
		expect((await listPlans(owner, { limit: 10 })).items).toEqual([]);
	});
});

describe("listPlans", () => {
	test("goes through all pages, newest first, without other projects' plans", async () => {
		const owner = await buildProject(database.db);
		for (const title of ["1", "2", "3"]) await createPlan(owner, { title, description: "" });
		await buildPlan();
		const first = await listPlans(owner, { limit: 2 });
		expect(first.items.map(({ title }) => title)).toEqual(["3", "2"]);
		const second = await listPlans(owner, { limit: 2, cursor: first.next_cursor ?? "" });
		expect(second).toMatchObject({ items: [{ title: "1" }], next_cursor: null });
	});

	test("refuses a cursor that is none", async () => {
		await expect(listPlans(await buildProject(database.db), { limit: 2, cursor: "nonsense" })).rejects.toThrow(InvalidInputError);
	});
});

test("what happens in a plan is its last activity, in the list and where it is public, and leaves its version alone", async () => {
	const owner = await buildProject(database.db);
	const plan = await createPlan(owner, { title: "Launch", description: "" });
	const other = await createPlan(owner, { title: "Other", description: "" });
	await setVisibility(owner, plan.id, { visibility: "public" }, null);
	const link = await getPublicLink(owner, plan.id);
	const read = async () => {
		await stampEvents(database.db);
		const { items } = await listPlans(owner, { limit: 10 });
		const of = (id: string) => items.find((item) => item.id === id);
		return { version: of(plan.id)?.version, here: of(plan.id)?.last_activity_at ?? "", there: of(other.id)?.last_activity_at };
	};
	const shown = async () => (await readPublicPlan(owner, link.key ?? "")).updated_at;
	const { id: nodeId } = await buildNode(database.db, owner.projectId, { planId: plan.id });
	let [before, shownBefore] = [await read(), await shown()];
	const acts: [isShown: boolean, act: () => Promise<unknown>][] = [
		[true, () => setNodeStatus(owner, nodeId, { status: "completed" }, null)],
		[false, () => createComment(owner, { nodeId }, { text: "Done", parent_id: null })],
		[true, () => deleteNode(owner, nodeId, null)],
	];
	for (const [isShown, act] of acts) {
		await act();
		const [after, shownAfter] = [await read(), await shown()];
		expect(after.here > before.here).toBe(true);
		expect(after).toMatchObject({ version: before.version, there: before.there });
		expect(shownAfter > shownBefore).toBe(isShown);
		[before, shownBefore] = [after, shownAfter];
	}
});

describe("getPlanTree", () => {
	test("lists nodes by parent, then by position byte by byte", async () => {
		const { owner, plan } = await buildPlan();
		const node = (title: string, position: string, parentId: string | null = null) =>
			buildNode(database.db, owner.projectId, { planId: plan.id, title, position, parentId });
		const second = await node("second", "aa");
		await node("first", "aZ");
		await node("child b", "a1", second.id);
		await node("child a", "a0", second.id);
		const tree = await getPlanTree(owner, plan.id);
		expect(tree.plan).toEqual(plan);
		expect(tree.nodes.map(({ title }) => title)).toEqual(["first", "second", "child a", "child b"]);
	});

	test("another project's plan is not found", async () => {
		const { plan } = await buildPlan();
		await expect(getPlanTree(await buildProject(database.db), plan.id)).rejects.toThrow(NotFoundError);
	});
});

describe("updatePlan", () => {
	test("changes the given field only, raises the version and says so", async () => {
		const owner = await buildProject(database.db);
		const plan = await createPlan(owner, { title: "Launch", description: "Why" });
		expect(await updatePlan(owner, plan.id, { title: "Lift-off" }, 1)).toMatchObject({ title: "Lift-off", description: "Why", version: 2 });
		expect((await eventsOf(plan.id)).map(({ type }) => type)).toEqual(["plan.created", "plan.updated"]);
	});

	test("without a field nothing changes and nothing is said", async () => {
		const { owner, plan } = await buildPlan();
		expect(await updatePlan(owner, plan.id, {}, null)).toEqual(plan);
		expect(await eventsOf(plan.id)).toHaveLength(1);
	});

	test("a viewer may not; in another project it is not found", async () => {
		const { owner, plan } = await buildPlan();
		const viewer = await buildMember(database.db, owner.projectId, "viewer");
		await expect(updatePlan(viewer, plan.id, { title: "Mine" }, null)).rejects.toThrow(ForbiddenError);
		await expect(updatePlan(await buildProject(database.db), plan.id, { title: "Mine" }, null)).rejects.toThrow(NotFoundError);
		await expect(updatePlan(owner, randomUUID(), { title: "Mine" }, null)).rejects.toThrow(NotFoundError);
	});

	test("a stale version is a conflict", async () => {
		const { owner, plan } = await buildPlan();
		await updatePlan(owner, plan.id, { title: "First" }, 1);
		await expect(updatePlan(owner, plan.id, { title: "Second" }, 1)).rejects.toThrow(PreconditionFailedError);
	});

	test("who is overtaken between reading and writing gets a conflict, and no event", async () => {
		const { owner, plan } = await buildPlan();
		const attempt = raceAgainst(
			database.db,
			(tx) => tx.update(plans).set({ version: sql`version + 1` }).where(eq(plans.id, plan.id)),
			() => updatePlan(owner, plan.id, { title: "Second" }, null),
		);
		await expect(attempt).rejects.toThrow(ConflictError);
		expect(await eventsOf(plan.id)).toHaveLength(1);
	});
});
