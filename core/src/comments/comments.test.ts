import { randomUUID } from "node:crypto";
import { agentScopes, CreateCommentInput, maxReplies } from "@agentplanner/contracts";
import { and, asc, eq, events, planComments, plans, sql, users } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ProjectContext, userIdOf } from "../context.ts";
import { ConflictError, ForbiddenError, NotFoundError, PreconditionFailedError, UnprocessableError } from "../errors.ts";
import { raceAgainst } from "../projects/race.ts";
import { buildAgent, buildContext, buildMember, buildNode, buildProject } from "../testing.ts";
import { createExplainer } from "../testing-explain.ts";
import { deleteExpired } from "../upkeep/delete-expired.ts";
import { createComment } from "./create-comment.ts";
import { deleteComment } from "./delete-comment.ts";
import { listComments } from "./list-comments.ts";
import { reopenComment, resolveComment } from "./resolve-comment.ts";
import { updateComment } from "./update-comment.ts";

let database: TestDatabase;
let explain: ReturnType<typeof createExplainer>;
beforeAll(async () => {
	database = await createTestDatabase();
	explain = createExplainer(database.db);
});
afterAll(() => database.drop());

const build = async () => {
	const owner = await buildProject(database.db);
	const { projectId } = owner;
	const node = await buildNode(database.db, projectId);
	const say = (text: string, parentId: string | null = null, ctx: ProjectContext = owner) =>
		createComment(ctx, { nodeId: node.id }, CreateCommentInput.parse({ text, parent_id: parentId }));
	return { owner, projectId, node, say, member: (role: "admin" | "editor" | "viewer") => buildMember(database.db, projectId, role) };
};
const rename = async (ctx: ProjectContext, name: string) => {
	await database.db.orm
		.update(users)
		.set({ name })
		.where(eq(users.id, userIdOf(ctx.actor) ?? ""));
	return ctx;
};
const threads = async (ctx: ProjectContext, nodeId: string) =>
	(await listComments(ctx, { nodeId }, { limit: 50 })).items.map(({ text, replies }) => [text, ...replies.map((reply) => reply.text)]);
const eventsOf = async (subjectId: string) =>
	(await database.db.orm.select().from(events).where(eq(events.subjectId, subjectId)).orderBy(asc(events.id))).map(({ type }) => type);
const isDeleted = sql`deleted_at is not null`;

describe("createComment", () => {
	test("stands on its node alone, with its author, and says so", async () => {
		const { owner, node, say } = await build();
		const made = await say("Is **this** right?");
		expect(made).toMatchObject({
			node_id: node.id,
			plan_id: node.planId,
			text: "Is **this** right?",
			written_by: "owner",
			mentions: [],
			version: 1,
		});
		expect(await database.db.orm.select().from(events).where(eq(events.subjectId, made.id))).toMatchObject([
			{ type: "comment.created", planId: node.planId, nodeId: node.id, data: { parent_id: null } },
		]);
		const aboutPlan = await createComment(owner, { planId: node.planId }, { text: "All of it", parent_id: null });
		expect(aboutPlan).toMatchObject({ node_id: null, plan_id: node.planId });
		expect(await threads(owner, node.id)).toEqual([["Is **this** right?"]]);
		const ofPlan = await listComments(owner, { planId: node.planId }, { limit: 5 });
		expect(ofPlan.items.map(({ id }) => id)).toEqual([aboutPlan.id]);
	});

	test("answers what begins a thread of the same place, and nothing else", async () => {
		const { owner, node, projectId, say } = await build();
		const root = await say("One");
		const reply = await say("Two", root.id);
		expect(reply.parent_id).toBe(root.id);
		expect(await threads(owner, node.id)).toEqual([["One", "Two"]]);
		const elsewhere = await buildNode(database.db, projectId, { planId: node.planId, position: "a1" });
		for (const attempt of [
			() => say("Three", reply.id),
			() => say("Three", randomUUID()),
			() => createComment(owner, { nodeId: elsewhere.id }, { text: "Three", parent_id: root.id }),
			() => createComment(owner, { planId: node.planId }, { text: "Three", parent_id: root.id }),
		])
			await expect(attempt()).rejects.toMatchObject({ code: "unprocessable", fields: [{ field: "body.parent_id" }] });
	});

	test("a thread takes so many replies, also when the last two come at once", async () => {
		const { owner, node, say } = await build();
		const { id: parentId } = await say("One");
		const row = { projectId: owner.projectId, planId: node.planId, nodeId: node.id, parentId, text: "more", writtenBy: "Ada" };
		await database.db.orm.insert(planComments).values(Array.from({ length: maxReplies - 1 }, () => row));
		const outcomes = await Promise.allSettled([say("last", parentId), say("last", parentId)]);
		expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
		expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({ reason: expect.any(ConflictError) });
	});

	test("not for viewers; nobody comments where they see nothing", async () => {
		const { node, say, member } = await build();
		await expect(say("Me too", null, await member("viewer"))).rejects.toThrow(ForbiddenError);
		await database.db.orm.update(plans).set({ visibility: "private" }).where(eq(plans.id, node.planId));
		const editor = await member("editor");
		await expect(say("Me too", null, editor)).rejects.toThrow(NotFoundError);
		await expect(listComments(editor, { nodeId: node.id }, { limit: 5 })).rejects.toThrow(NotFoundError);
		const { id } = await say("Among us");
		await expect(updateComment(editor, id, { text: "x" }, null)).rejects.toThrow("This comment does not exist");
	});

	test("an agent comments with its own token", async () => {
		const { owner, projectId, say } = await build();
		const agent = await buildAgent(database.db, projectId, "Echo");
		const token = { type: "token" as const, tokenId: randomUUID(), projectId, scopes: [...agentScopes], userId: null, agentId: agent.id };
		const asAgent = { ...buildContext(database.db, { ...token, name: "Echo" }), projectId };
		const made = await say("Done", null, asAgent);
		expect(made).toMatchObject({ written_by: "Echo", written_by_agent_id: agent.id, written_by_user_id: null });
		await expect(updateComment(owner, made.id, { text: "Not done" }, null)).rejects.toThrow(ForbiddenError);
		expect(await updateComment(asAgent, made.id, { text: "Almost done" }, 1)).toMatchObject({ text: "Almost done", version: 2 });
	});
});

describe("mentions", () => {
	test("are worked out when it is written, and each member hears of it once", async () => {
		const { owner, projectId, say, member } = await build();
		const ada = await rename(await member("editor"), "Ada");
		const lovelace = await rename(await member("viewer"), "Ada Lovelace");
		const agent = await buildAgent(database.db, projectId, "Echo");
		const made = await say("@ada lovelace, ask @Echo; `@Ada` is code, and so is\n```\n@Ada\n```\nmail ada@Ada");
		expect(made.mentions).toEqual([
			{ kind: "user", id: userIdOf(lovelace.actor), name: "Ada Lovelace" },
			{ kind: "agent", id: agent.id, name: "Echo" },
		]);
		expect(await eventsOf(userIdOf(lovelace.actor) ?? "")).toEqual(["member.mentioned"]);
		expect(await eventsOf(agent.id)).toEqual([]);
		const edited = await updateComment(owner, made.id, { text: "@Ada Lovelace and @Ada, and @owner" }, null);
		expect(edited.mentions.map(({ name }) => name)).toEqual(["Ada", "Ada Lovelace", "owner"]);
		expect(await eventsOf(userIdOf(lovelace.actor) ?? "")).toHaveLength(1);
		expect(await eventsOf(userIdOf(ada.actor) ?? "")).toEqual(["member.mentioned"]);
		expect(await eventsOf(userIdOf(owner.actor) ?? "")).toEqual([]);
	});

	test("name nobody who can't see the plan", async () => {
		const { node, say, member } = await build();
		await rename(await member("editor"), "Ada");
		await rename(await member("admin"), "Grace");
		await database.db.orm.update(plans).set({ visibility: "private" }).where(eq(plans.id, node.planId));
		expect((await say("@Ada and @Grace")).mentions.map(({ name }) => name)).toEqual(["Grace"]);
	});

	test("cost no query more for each who is named", async () => {
		const { node, say, member } = await build();
		await database.db.orm.update(plans).set({ visibility: "private" }).where(eq(plans.id, node.planId));
		const names = Array.from({ length: 10 }, (_, index) => `Member${index}`);
		for (const name of names) await rename(await member("admin"), name);
		const asked = async (text: string) => (await explain(() => say(text))).filter((step) => step.includes("plan_collaborators")).length;
		const ofOne = await asked("@Member1");
		expect(ofOne).toBeGreaterThan(0);
		expect(await asked(names.map((name) => `@${name}`).join(" "))).toBe(ofOne);
	});
});

describe("updateComment", () => {
	test("changes the text, keeps when, and counts the version up; the same text changes nothing", async () => {
		const { owner, say } = await build();
		const made = await say("One");
		const edited = await updateComment(owner, made.id, { text: "Two" }, 1);
		expect(edited).toMatchObject({ text: "Two", version: 2, edited_at: expect.any(String) });
		expect(await updateComment(owner, made.id, { text: "Two" }, 2)).toEqual(edited);
		await expect(updateComment(owner, made.id, { text: "Three" }, 1)).rejects.toThrow(PreconditionFailedError);
		expect(await eventsOf(made.id)).toEqual(["comment.created", "comment.edited"]);
	});

	test("is for its author alone, not even for an admin", async () => {
		const { say, member } = await build();
		const made = await say("Mine", null, await member("editor"));
		await expect(updateComment(await member("admin"), made.id, { text: "Yours" }, null)).rejects.toThrow(ForbiddenError);
	});

	test("who is overtaken between reading and writing gets a conflict, and no event", async () => {
		const { owner, say } = await build();
		const made = await say("One");
		const attempt = raceAgainst(
			database.db,
			(tx) => tx.update(planComments).set({ version: sql`version + 1` }).where(eq(planComments.id, made.id)),
			() => updateComment(owner, made.id, { text: "Two" }, null),
		);
		await expect(attempt).rejects.toThrow(ConflictError);
		expect(await eventsOf(made.id)).toEqual(["comment.created"]);
	});
});

describe("deleteComment", () => {
	test("takes away one's own, and an admin anybody's; replies keep its place", async () => {
		const { owner, node, say, member } = await build();
		const editor = await member("editor");
		const root = await say("One", null, editor);
		const other = await say("Alone");
		await say("Two", root.id);
		await expect(deleteComment(editor, other.id)).rejects.toThrow(ForbiddenError);
		await deleteComment(await member("admin"), other.id);
		await deleteComment(editor, root.id);
		expect(await threads(owner, node.id)).toEqual([["", "Two"]]);
		const [shown] = (await listComments(owner, { nodeId: node.id }, { limit: 5 })).items;
		expect(shown).toMatchObject({ deleted_at: expect.any(String), mentions: [] });
		await expect(deleteComment(editor, root.id)).rejects.toThrow(NotFoundError);
		await expect(say("Three", root.id)).rejects.toThrow(UnprocessableError);
		expect(await eventsOf(root.id)).toEqual(["comment.created", "comment.deleted"]);
	});

	test("of two at once one gets a conflict, and there is one event", async () => {
		const { owner, say } = await build();
		const made = await say("One");
		const attempt = raceAgainst(
			database.db,
			(tx) => tx.update(planComments).set({ deletedAt: sql`now()` }).where(eq(planComments.id, made.id)),
			() => deleteComment(owner, made.id),
		);
		await expect(attempt).rejects.toThrow(ConflictError);
		expect(await eventsOf(made.id)).toEqual(["comment.created"]);
	});

	test("after 30 days its text is gone for good, and the row with it where nobody answered", async () => {
		const { owner, say } = await build();
		const [alone, answered, fresh] = [await say("Alone"), await say("Answered"), await say("Fresh")];
		await say("Reply", answered.id);
		for (const { id } of [alone, answered, fresh]) await deleteComment(owner, id);
		const longAgo = and(isDeleted, sql`text <> 'Fresh'`, eq(planComments.projectId, owner.projectId));
		await database.db.orm.update(planComments).set({ deletedAt: sql`now() - interval '31 days'` }).where(longAgo);
		await deleteExpired(buildContext(database.db));
		const rows = await database.db.orm
			.select()
			.from(planComments)
			.where(eq(planComments.projectId, owner.projectId))
			.orderBy(asc(planComments.id));
		expect(rows.map(({ text }) => text)).toEqual(["", "Fresh", "Reply"]);
	});
});

describe("resolveComment and reopenComment", () => {
	test("settle a thread and take it up again; again changes nothing", async () => {
		const { owner, say, member } = await build();
		const made = await say("One");
		const editor = await member("editor");
		const settled = await resolveComment(editor, made.id);
		expect(settled).toMatchObject({ resolved_by: "editor", resolved_at: expect.any(String), version: 2 });
		expect(await resolveComment(owner, made.id)).toEqual(settled);
		expect(await reopenComment(owner, made.id)).toMatchObject({ resolved_by: null, resolved_at: null, version: 3 });
		expect(await eventsOf(made.id)).toEqual(["comment.created", "comment.resolved", "comment.reopened"]);
	});

	test("two at once settle it once", async () => {
		const { owner, say, member } = await build();
		const made = await say("One");
		const [one, other] = await Promise.all([resolveComment(owner, made.id), resolveComment(await member("editor"), made.id)]);
		expect(one.resolved_by).toBe(other.resolved_by);
		expect(await eventsOf(made.id)).toEqual(["comment.created", "comment.resolved"]);
	});

	test("not for viewers, and not for a reply alone", async () => {
		const { owner, say, member } = await build();
		const root = await say("One");
		const reply = await say("Two", root.id);
		await expect(resolveComment(await member("viewer"), root.id)).rejects.toThrow(ForbiddenError);
		await expect(resolveComment(owner, reply.id)).rejects.toThrow(UnprocessableError);
	});
});

test("listComments goes page by page, newest thread first, and leaves out what is deleted and unanswered", async () => {
	const { owner, node, say } = await build();
	const [one, gone] = [await say("One"), await say("Gone")];
	await say("Two");
	await say("Answer", one.id);
	await deleteComment(owner, gone.id);
	const first = await listComments(owner, { nodeId: node.id }, { limit: 1 });
	expect(first.items.map(({ text }) => text)).toEqual(["Two"]);
	const second = await listComments(owner, { nodeId: node.id }, { limit: 1, cursor: first.next_cursor ?? "" });
	expect(second).toMatchObject({ items: [{ text: "One", replies: [{ text: "Answer" }] }], next_cursor: null });
});
