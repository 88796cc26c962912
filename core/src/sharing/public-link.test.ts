import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConflictError, DomainError, ForbiddenError, NotFoundError, PreconditionFailedError } from "../errors.ts";
import { deletePlan } from "../plans/delete-plan.ts";
import { getPlanTree } from "../plans/get-plan-tree.ts";
import { updatePlan } from "../plans/update-plan.ts";
import { buildContext, buildNode } from "../testing.ts";
import { getPublicLink, renewPublicLink } from "./public-link.ts";
import { readPublicPlan } from "./read-public-plan.ts";
import { setVisibility } from "./set-visibility.ts";
import { acts, buildScene } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

describe("visibility and the public link", () => {
	const read = (key: string | null) => readPublicPlan(buildContext(database.db, { type: "anonymous" }), key ?? "");
	const refused = (key: string | null) =>
		read(key).then(
			() => "read",
			(error: unknown) => (error instanceof DomainError ? error.code : error),
		);

	test("what was private is seen by members from then on, and back", async () => {
		const { owner, plan, member } = await buildScene(database.db);
		const viewer = await member("viewer");
		expect(await setVisibility(owner, plan.id, { visibility: "project" }, 1)).toMatchObject({ visibility: "project", version: 2 });
		await getPlanTree(viewer, plan.id);
		await expect(setVisibility(owner, plan.id, { visibility: "private" }, 1)).rejects.toThrow(PreconditionFailedError);
		await expect(setVisibility(await member("editor"), plan.id, { visibility: "private" }, 2)).rejects.toThrow(ForbiddenError);
		await setVisibility(owner, plan.id, { visibility: "private" }, 2);
		await expect(getPlanTree(viewer, plan.id)).rejects.toThrow(NotFoundError);
		expect(await acts(owner, plan.id)).toEqual(["plan.visibility.changed", "plan.visibility.changed"]);
	});

	test("a public plan shows its tree to whoever has the link, and nothing of what is said in it", async () => {
		const { owner, plan } = await buildScene(database.db);
		expect(await getPublicLink(owner, plan.id)).toEqual({ key: null });
		await expect(renewPublicLink(owner, plan.id)).rejects.toThrow(ConflictError);
		const node = await buildNode(database.db, owner.projectId, { planId: plan.id, agentInstructions: "Secret", status: "completed" });
		await setVisibility(owner, plan.id, { visibility: "public" }, null);
		const { key } = await getPublicLink(owner, plan.id);
		const shown = await read(key);
		expect(shown).toMatchObject({ title: "Launch", description: "In spring", status: "active", progress: { completed: 1, total: 1 } });
		const { id, title } = node;
		expect(shown.nodes).toEqual([{ id, parent_id: null, kind: "task", title, status: "completed", progress: null }]);
		await updatePlan(owner, plan.id, { status: "archived" }, null);
		expect(await read(key)).toMatchObject({ status: "archived" });
	});

	test("a link ends when another is made, with publicity, and with the plan; a forged one is none", async () => {
		const { owner, plan, member } = await buildScene(database.db);
		await setVisibility(owner, plan.id, { visibility: "public" }, null);
		const first = (await getPublicLink(owner, plan.id)).key;
		expect(await refused(first)).toBe("read");
		expect(await refused(`${first?.slice(0, -1)}${first?.endsWith("A") ? "B" : "A"}`)).toBe("not_found");
		expect(await refused(plan.id)).toBe("not_found");
		await expect(getPublicLink(await member("editor"), plan.id)).rejects.toThrow(ForbiddenError);
		await expect(renewPublicLink(await member("viewer"), plan.id)).rejects.toThrow(ForbiddenError);

		const second = (await renewPublicLink(owner, plan.id)).key;
		expect([await refused(first), await refused(second)]).toEqual(["not_found", "read"]);
		await deletePlan(owner, plan.id, null);
		expect(await refused(second)).toBe("not_found");
		await database.db.pool.query("update plans set deleted_at = null where id = $1", [plan.id]);
		expect(await refused(second)).toBe("read");
		await setVisibility(owner, plan.id, { visibility: "project" }, null);
		expect(await refused(second)).toBe("not_found");
		expect(await getPublicLink(owner, plan.id)).toEqual({ key: null });
	});
});
