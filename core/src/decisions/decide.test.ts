import { auditLogs, eq, planCollaborators, plans } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { retryDelivery } from "../deliveries/retry-delivery.ts";
import { ConflictError, type DomainError, ForbiddenError, NotFoundError } from "../errors.ts";
import { attempt, buildScene, eventsOf, failed, type Scene, timersOf } from "../requests/testing.ts";
import { buildMember, buildProject, userIdOf } from "../testing.ts";
import { cancelDecision } from "./cancel-decision.ts";
import { decide } from "./decide.ts";
import { expireDecision } from "./expire-decision.ts";
import { getDecision } from "./get-decision.ts";
import { listDecidable } from "./list-decidable.ts";
import { buildEditor, inAnHour, leave, messagesOf, passExpiry, requestDecision, scriptOf, tellPeople } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const auditOf = (decisionId: string) => database.db.orm.select().from(auditLogs).where(eq(auditLogs.subjectId, decisionId));
const approve = { option_id: "approve", comment: "Go ahead." };
const read = async (scene: Scene, id: string) => (await getDecision(scene.owner, id)).decision;

test("of 200 people and scripts that decide at once the first wins, once; the others hear who decided what, and where", async () => {
	const scene = await buildScene(database.db);
	await tellPeople(scene);
	const { ctx: editor } = await buildEditor(scene);
	const script = scriptOf(scene, editor, ["decisions:decide"]);
	const { id } = await requestDecision(scene, { expires_at: inAnHour() });
	const results = await Promise.allSettled(
		Array.from({ length: 200 }, (_, index) =>
			index % 2 === 0 ? decide(scene.owner, id, approve) : decide(script, id, { option_id: "reject", comment: "" }),
		),
	);
	const won = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
	const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
	expect(won).toHaveLength(1);
	const outcome = await read(scene, id);
	expect(won[0]).toEqual(outcome);
	const [by, where, what] = outcome.closed_via === "web" ? ["owner", "the web", "Approve"] : ["editor (CI)", "the API", "Reject"];
	expect(outcome).toMatchObject({ status: "decided", closed_by: by, option_id: what.toLowerCase() });
	expect(lost.every((error) => error instanceof ConflictError)).toBe(true);
	expect(new Set(lost.map(({ message }) => message))).toEqual(new Set([`This is no longer open. Decided by ${by} via ${where}: ${what}.`]));
	expect(await auditOf(id)).toMatchObject([{ type: "decision.decided", data: { option_id: outcome.option_id, via: outcome.closed_via } }]);
	expect(await eventsOf(scene, id)).toEqual(["requested", "decided"]);
	expect(await timersOf(scene, id)).toEqual([]);
	expect((await messagesOf(scene, id)).map(({ status }) => status)).toEqual(["superseded"]);
});

test("every transition: what is pending decides, expires, lapses or is cancelled; what has ended stays as it is", async () => {
	const scene = await buildScene(database.db);
	const acts = {
		decided: (id: string) => decide(scene.owner, id, approve),
		cancelled: (id: string) => cancelDecision(scene.owner, id),
		expired: async (id: string) => {
			await passExpiry(scene, id);
			await expireDecision(scene.system, id);
		},
	};
	for (const [status, act] of Object.entries(acts)) {
		const { id } = await requestDecision(scene, { expires_at: inAnHour(), on_expiry: "reject" });
		await act(id);
		const ended = await read(scene, id);
		expect(ended).toMatchObject({ status, option_id: { decided: "approve", expired: "reject", cancelled: null }[status] });
		expect(ended.closed_at).not.toBeNull();
		expect(await eventsOf(scene, id)).toEqual(["requested", status]);
		expect(await timersOf(scene, id)).toEqual([]);
		for (const other of [acts.decided, acts.cancelled]) await expect(other(id)).rejects.toThrow(ConflictError);
		await expireDecision(scene.system, id);
		expect(await read(scene, id)).toEqual(ended);
	}
});

describe("the deadline", () => {
	test.each(["reject", "approve"] as const)("ends it by the rule “%s”, which goes before whoever comes after it", async (rule) => {
		const scene = await buildScene(database.db);
		await tellPeople(scene);
		const { id } = await requestDecision(scene, { expires_at: inAnHour(), on_expiry: rule });
		expect((await timersOf(scene, id)).map(({ type }) => type)).toEqual(["agent.decision.expiry.due"]);
		await expireDecision(scene.system, id);
		expect((await read(scene, id)).status).toBe("pending");

		await passExpiry(scene, id);
		await expect(decide(scene.owner, id, approve)).rejects.toThrow("deadline has just passed");
		await Promise.all([expireDecision(scene.system, id), expireDecision(scene.system, id)]);
		expect(await read(scene, id)).toMatchObject({ status: "expired", option_id: rule, closed_by: null, closed_via: null });
		expect(await auditOf(id)).toMatchObject([{ type: "decision.expired", actor: { type: "system" }, data: { option_id: rule } }]);
		expect((await messagesOf(scene, id)).map(({ status }) => status)).toEqual(["cancelled"]);
	});

	test("with “wait” passes once, and people still decide", async () => {
		const scene = await buildScene(database.db);
		const { id } = await requestDecision(scene, { expires_at: inAnHour() });
		await passExpiry(scene, id);
		await expireDecision(scene.system, id);
		await expireDecision(scene.system, id);
		expect(await read(scene, id)).toMatchObject({ status: "pending", lapsed_at: expect.any(String) });
		expect(await timersOf(scene, id)).toEqual([]);
		expect(await decide(scene.owner, id, approve)).toMatchObject({ status: "decided", comment: "Go ahead." });
		expect(await eventsOf(scene, id)).toEqual(["requested", "lapsed", "decided"]);
	});

	test("of what is for information ends it, undecided; a week passes where none is set", async () => {
		const scene = await buildScene(database.db);
		await tellPeople(scene);
		const { id, created_at, expires_at } = await requestDecision(scene, { urgency: "informational" });
		expect(Date.parse(expires_at ?? "") - Date.parse(created_at)).toBe(7 * 86_400_000);
		expect((await timersOf(scene, id)).map(({ type }) => type)).toEqual(["agent.decision.expiry.due"]);
		expect(await listDecidable(scene.owner, userIdOf(scene.owner), 9)).toEqual([]);
		await passExpiry(scene, id);
		await expect(decide(scene.owner, id, approve)).rejects.toThrow("deadline has just passed");
		await expireDecision(scene.system, id);
		expect(await read(scene, id)).toMatchObject({ status: "expired", option_id: null, lapsed_at: null, closed_by: null });
		expect((await messagesOf(scene, id)).map(({ status }) => status)).toEqual(["cancelled"]);
		await expect(decide(scene.owner, id, approve)).rejects.toThrow("Nobody had to decide, and its deadline has passed.");
	});

	test("with “escalate” lets any admin decide, too, and tells the project's people if they weren't", async () => {
		const scene = await buildScene(database.db);
		const { userId, ctx: named } = await buildEditor(scene);
		const { id } = await requestDecision(scene, { expires_at: inAnHour(), on_expiry: "escalate", decider_ids: [userId] });
		await leave(scene, named);
		await expect(decide(scene.owner, id, approve)).rejects.toThrow("Only editor may decide this.");
		await tellPeople(scene);
		await passExpiry(scene, id);
		await expireDecision(scene.system, id);
		await expireDecision(scene.system, id);
		expect(await eventsOf(scene, id)).toEqual(["requested", "escalated"]);
		expect(await messagesOf(scene, id)).toMatchObject([{ kind: "decision", status: "queued", integrationId: scene.integration.id }]);
		const { ctx: editor } = await buildEditor(scene);
		await expect(decide(editor, id, approve)).rejects.toThrow(ForbiddenError);
		expect(await decide(scene.owner, id, approve)).toMatchObject({ status: "decided", closed_by: "owner" });
	});
});

test("of a private plan nobody is told by the project's routes, not even once it escalates; the plan's own admins may decide then", async () => {
	const scene = await buildScene(database.db);
	const { projectId, node } = scene;
	await tellPeople(scene);
	await database.db.orm.update(plans).set({ visibility: "private" }).where(eq(plans.id, node.planId));
	const [{ ctx: named, userId }, { ctx: admin, userId: adminId }, { ctx: editor, userId: editorId }] = [
		await buildEditor(scene),
		await buildEditor(scene),
		await buildEditor(scene),
	];
	const shared = { projectId, planId: node.planId };
	await database.db.orm.insert(planCollaborators).values([
		{ ...shared, userId, role: "editor" },
		{ ...shared, userId: adminId, role: "admin" },
		{ ...shared, userId: editorId, role: "editor" },
	]);
	const { id } = await requestDecision(scene, { expires_at: inAnHour(), on_expiry: "escalate", decider_ids: [userId] });
	expect(await listDecidable(admin, adminId, 9)).toEqual([]);
	await passExpiry(scene, id);
	await expireDecision(scene.system, id);
	expect(await messagesOf(scene, id)).toEqual([]);
	expect(await listDecidable(editor, editorId, 9)).toEqual([]);
	await expect(decide(editor, id, approve)).rejects.toThrow("Only editor may decide this.");
	for (const [ctx, who] of [
		[named, userId],
		[admin, adminId],
	] as const)
		expect(await listDecidable(ctx, who, 9)).toMatchObject([{ id }]);
	expect(await decide(admin, id, approve)).toMatchObject({ status: "decided" });
});

describe("who may", () => {
	test("decide: the named ones alone, where some are named; agents, viewers and strangers never", async () => {
		const scene = await buildScene(database.db);
		const { ctx: editor, userId } = await buildEditor(scene);
		const { id } = await requestDecision(scene, { decider_ids: [userId.toUpperCase()] });
		const refusals = await Promise.all(
			[
				scene.owner,
				await buildMember(database.db, scene.projectId, "viewer"),
				scriptOf(scene, editor, ["decisions:read", "decisions:create"]),
				{
					...scene.system,
					actor: { ...scriptOf(scene, editor, ["decisions:decide"]).actor, userId: null, agentId: scene.agents[0]?.id ?? "" },
				},
				scene.system,
			].map((ctx) => decide(ctx, id, approve).catch((error: unknown) => error)),
		);
		for (const refusal of refusals) expect(refusal).toBeInstanceOf(ForbiddenError);
		await expect(decide({ ...(await buildProject(database.db)), projectId: scene.projectId }, id, approve)).rejects.toThrow(NotFoundError);
		await expect(decide(await buildProject(database.db), id, approve)).rejects.toThrow(NotFoundError);
		expect(await auditOf(id)).toEqual([]);
		expect(await decide(editor, id, approve)).toMatchObject({ status: "decided", deciders: [{ user_id: userId, name: "editor" }] });
	});

	test("cancel: an editor, not a viewer", async () => {
		const scene = await buildScene(database.db);
		const { id } = await requestDecision(scene);
		await expect(cancelDecision(await buildMember(database.db, scene.projectId, "viewer"), id)).rejects.toThrow(ForbiddenError);
		expect(await cancelDecision((await buildEditor(scene)).ctx, id)).toMatchObject({ status: "cancelled", closed_by: "editor" });
	});

	test("ask for changes only with words that say which", async () => {
		const scene = await buildScene(database.db);
		const { id } = await requestDecision(scene);
		const refusal = await decide(scene.owner, id, { option_id: "revise", comment: " " }).catch((error: DomainError) => error);
		expect(refusal).toMatchObject({ code: "unprocessable", fields: [{ field: "body.comment" }] });
		expect((await read(scene, id)).status).toBe("pending");
		expect(await decide(scene.owner, id, { option_id: "revise", comment: "Shorter." })).toMatchObject({
			...{ status: "decided", option_id: "revise", comment: "Shorter." },
		});
	});

	test("choose only among the options", async () => {
		const scene = await buildScene(database.db);
		const { id } = await requestDecision(scene);
		const refusal = await decide(scene.owner, id, { option_id: "maybe", comment: "" }).catch((error: DomainError) => error);
		expect(refusal).toMatchObject({
			code: "unprocessable",
			fields: [{ field: "body.option_id", message: "must be one of approve, reject, revise" }],
		});
	});
});

test("a message that gave up isn't sent again once its decision has ended", async () => {
	const scene = await buildScene(database.db);
	await tellPeople(scene);
	const { id } = await requestDecision(scene);
	const [message] = await messagesOf(scene, id);
	await attempt(scene, message?.id ?? "", failed("rejected"));
	expect(await retryDelivery(scene.owner, message?.id ?? "")).toMatchObject({ status: "queued", decision_id: id });
	await attempt(scene, message?.id ?? "", failed("rejected"));
	await decide(scene.owner, id, approve);
	await expect(retryDelivery(scene.owner, message?.id ?? "")).rejects.toThrow("nothing to decide any more");
});
