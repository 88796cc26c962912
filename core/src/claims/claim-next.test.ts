import { planNodes, plans } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ForbiddenError, NotFoundError } from "../errors.ts";
import { listNodes } from "../plans/list-nodes.ts";
import { updateNode } from "../plans/update-node.ts";
import { buildMember, buildNode, buildProject } from "../testing.ts";
import { claimNext } from "./claim-next.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const build = async (count: number) => {
	const owner = await buildProject(database.db);
	const { projectId } = owner;
	const [plan] = await database.db.orm.insert(plans).values({ projectId, title: "Many" }).returning();
	const planId = plan?.id ?? "";
	for (let index = 0; index < count; index += 1) await buildNode(database.db, projectId, { planId, position: `a${index}` });
	return { owner, planId };
};
const ask = (planId: string) => ({ plan_id: planId, lease_seconds: 60 });

test("of many who ask at once each gets a task of its own, and the rest hear that there is none", async () => {
	const { owner, planId } = await build(6);
	const got = await Promise.all(Array.from({ length: 6 }, () => claimNext(owner, ask(planId))));
	const ids = got.flatMap(({ node }) => (node ? [node.id] : []));
	expect(new Set(ids).size).toBe(ids.length);
	for (let left = 6 - ids.length; left > 0; left -= 1) ids.push((await claimNext(owner, ask(planId))).node?.id ?? "");
	expect(new Set(ids).size).toBe(6);
	expect(await claimNext(owner, ask(planId))).toEqual({ claim: null, node: null });
	expect((await database.db.orm.select().from(planNodes)).every(({ status }) => status === "in_progress")).toBe(true);
});

test("answers with the task as it was started", async () => {
	const { owner, planId } = await build(1);
	const { claim, node } = await claimNext(owner, ask(planId));
	expect(node).toMatchObject({ id: claim?.node.id, status: "in_progress", version: 2 });
});

test("gives what has the label and the mode that are asked for, and nothing else", async () => {
	const { owner, planId } = await build(3);
	const [, second, third] = (await listNodes(owner, { plan_id: planId, limit: 3 })).items.reverse();
	await updateNode(owner, second?.id ?? "", { labels: ["docs"] }, null);
	await updateNode(owner, third?.id ?? "", { labels: ["docs"], task_mode: "plan" }, null);
	const wanted = { ...ask(planId), label: "docs", task_mode: "plan" as const };
	expect((await claimNext(owner, wanted)).node?.id).toBe(third?.id);
	expect(await claimNext(owner, wanted)).toEqual({ claim: null, node: null });
	expect((await claimNext(owner, { ...ask(planId), label: "docs" })).node?.id).toBe(second?.id);
});

test("a viewer may not; another project's plan is not found", async () => {
	const { owner, planId } = await build(1);
	await expect(claimNext(await buildMember(database.db, owner.projectId, "viewer"), ask(planId))).rejects.toThrow(ForbiddenError);
	await expect(claimNext(await buildProject(database.db), ask(planId))).rejects.toThrow(NotFoundError);
});
