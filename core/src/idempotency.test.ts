import { randomUUID } from "node:crypto";
import type { Scope } from "@agentplanner/contracts";
import { and, eq, idempotencyKeys, plans, projectMembers } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { authorize } from "./authorize.ts";
import type { Actor, ProjectContext } from "./context.ts";
import type { DomainError } from "./errors.ts";
import { withIdempotency } from "./idempotency.ts";
import { createPlan } from "./plans/create-plan.ts";
import { buildMember, buildProject } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const input = { title: "Launch", description: "" };
const mayWrite = (ctx: ProjectContext) => authorize(ctx, "plans:write");
const create = (ctx: ProjectContext, key: string | null, body: Record<string, unknown> = input, operation = "createPlan") =>
	withIdempotency(ctx, { key, operation, input: body, authorize: mayWrite }, (tx) => createPlan(tx, input));
const plansOf = ({ projectId }: ProjectContext) => database.db.orm.select().from(plans).where(eq(plans.projectId, projectId));
const codeOf = (attempt: Promise<unknown>) =>
	attempt.then(
		() => "none",
		(error: unknown) => (error as DomainError).code,
	);

test("of ten at once one is made, and all get its reply", async () => {
	const ctx = await buildProject(database.db);
	const replies = await Promise.all(Array.from({ length: 10 }, () => create(ctx, "k1")));
	expect(await plansOf(ctx)).toHaveLength(1);
	for (const reply of replies) expect(reply).toEqual(replies[0]);
});

test("a repeat gets the first reply, though the thing has changed since, whatever the order of the body's keys", async () => {
	const ctx = await buildProject(database.db);
	const first = await create(ctx, "k1", { title: "Launch", description: "", nested: { a: 1, b: [1, 2] } });
	await database.db.orm.update(plans).set({ title: "Changed" }).where(eq(plans.id, first.id));
	expect(await create(ctx, "k1", { nested: { b: [1, 2], a: 1 }, description: "", title: "Launch" })).toEqual(first);
});

test("another body or another operation under the same key is refused, and makes nothing", async () => {
	const ctx = await buildProject(database.db);
	await create(ctx, "k1");
	expect(await codeOf(create(ctx, "k1", { ...input, title: "Other" }))).toBe("idempotency_key_reused");
	expect(await codeOf(create(ctx, "k1", { ...input, list: [2, 1] }))).toBe("idempotency_key_reused");
	expect(await codeOf(create(ctx, "k1", input, "createNode"))).toBe("idempotency_key_reused");
	expect(await plansOf(ctx)).toHaveLength(1);
});

test("the same key of another person, or in another project, is another key", async () => {
	const ctx = await buildProject(database.db);
	await create(ctx, "k1");
	await create(await buildMember(database.db, ctx.projectId, "editor"), "k1");
	expect(await plansOf(ctx)).toHaveLength(2);
	const other = await buildProject(database.db);
	await create(other, "k1");
	expect(await plansOf(other)).toHaveLength(1);
});

test("a first one that fails frees its key, also for one that waits for it", async () => {
	const ctx = await buildProject(database.db);
	let started = () => {};
	const begun = new Promise<void>((resolve) => {
		started = resolve;
	});
	const failing = withIdempotency(ctx, { key: "k1", operation: "createPlan", input, authorize: mayWrite }, async (tx) => {
		await createPlan(tx, input);
		started();
		await new Promise((resolve) => setTimeout(resolve, 100));
		throw new Error("Stop");
	});
	const refused = expect(failing).rejects.toThrow("Stop");
	await begun;
	const second = create(ctx, "k1");
	await refused;
	const reply = await second;
	expect((await plansOf(ctx)).map(({ id }) => id)).toEqual([reply.id]);
	expect(await create(ctx, "k1")).toEqual(reply);
});

test("whoever may not do it leaves no key behind", async () => {
	const owner = await buildProject(database.db);
	const viewer = await buildMember(database.db, owner.projectId, "viewer");
	expect(await codeOf(create(viewer, "k1", { ...input, title: "Refused" }))).toBe("forbidden");
	await database.db.orm.update(projectMembers).set({ role: "editor" }).where(eq(projectMembers.projectId, owner.projectId));
	expect(await codeOf(create(viewer, "k1"))).toBe("none");
});

test("without a key each call makes its own", async () => {
	const ctx = await buildProject(database.db);
	await create(ctx, null);
	await create(ctx, null);
	expect(await plansOf(ctx)).toHaveLength(2);
});

test("the reply is kept sealed, bound to its row", async () => {
	const ctx = await buildProject(database.db);
	const reply = await create(ctx, "sealed");
	const [row] = await database.db.orm.select().from(idempotencyKeys).where(eq(idempotencyKeys.key, "sealed"));
	expect(row?.reply?.toString("latin1")).not.toContain("Launch");
	expect(JSON.parse(ctx.keys.open(row?.reply ?? Buffer.alloc(0), row?.id ?? ""))).toEqual(reply);
});

test("whoever may not do it any more doesn't get the kept reply either", async () => {
	const owner = await buildProject(database.db);
	const editor = await buildMember(database.db, owner.projectId, "editor");
	const userId = editor.actor.type === "user" ? editor.actor.userId : "";
	const token = (scopes: Scope[]): ProjectContext => {
		const actor: Actor = { type: "token", tokenId: randomUUID(), projectId: owner.projectId, scopes, userId, agentId: null, name: "CI" };
		return { ...editor, actor };
	};
	const script = token(["plans:write"]);
	await Promise.all([create(editor, "k1"), create(script, "k1")]);
	expect(await codeOf(create({ ...script, actor: { ...script.actor, scopes: ["plans:read"] } as Actor }, "k1"))).toBe("forbidden");

	const member = and(eq(projectMembers.projectId, owner.projectId), eq(projectMembers.userId, userId));
	await database.db.orm.update(projectMembers).set({ role: "viewer" }).where(member);
	expect(await Promise.all([editor, script].map((ctx) => codeOf(create(ctx, "k1"))))).toEqual(["forbidden", "forbidden"]);
	await database.db.orm.delete(projectMembers).where(member);
	expect(await Promise.all([editor, script].map((ctx) => codeOf(create(ctx, "k1"))))).toEqual(["not_found", "not_found"]);
	expect(await plansOf(owner)).toHaveLength(2);
});
