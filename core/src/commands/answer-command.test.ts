import { randomUUID } from "node:crypto";
import { personAddress } from "@agentplanner/contracts";
import { and, eq, inboundEvents, linkedAccounts } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { decide } from "../decisions/decide.ts";
import { expireDecision } from "../decisions/expire-decision.ts";
import { buildEditor, inAnHour, leave, passExpiry, requestDecision } from "../decisions/testing.ts";
import { takeNotice } from "../notices/take-notice.ts";
import { askAndDispatch, attempt, buildScene, eventsOf, type Scene, timersOf } from "../requests/testing.ts";
import { receiveInbound } from "../responses/receive-inbound.ts";
import { buildMember } from "../testing.ts";
import { findViolations } from "../upkeep/find-violations.ts";
import { readLinkToken } from "../users/link-token.ts";
import { answerCommand } from "./answer-command.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const channel = "C1";
const grace = { id: "U-grace", name: "Grace H." };
const build = () => buildScene(database.db, 1, { adapter: "chat", externalAccount: randomUUID() });

const link = async ({ integration }: Scene, { actor }: ProjectContext) => {
	const { adapter: provider, externalAccount } = integration;
	const account = { provider, externalAccount, externalUserId: grace.id, name: grace.name };
	await database.db.orm.insert(linkedAccounts).values({ userId: actor.type === "user" ? actor.userId : "", ...account });
};

/** What the platform says once somebody has written the command; answers with its stored id. */
const write = async ({ system, integration }: Scene, words = "", externalId: string = randomUUID()): Promise<string> => {
	const ctx: ProjectContext = { ...system, actor: { type: "adapter", adapter: integration.adapter, integrationId: integration.id } };
	const ear = { token: "t" };
	await receiveInbound(ctx, integration.id, [{ type: "command", externalId, words, address: channel, person: grace, ear }]);
	const [row] = await database.db.orm
		.select({ id: inboundEvents.id })
		.from(inboundEvents)
		.where(and(eq(inboundEvents.integrationId, integration.id), eq(inboundEvents.externalId, externalId)));
	return row?.id ?? "";
};
const hear = async (scene: Scene, words?: string) => {
	const id = await write(scene, words);
	expect(await answerCommand(scene.system, id)).toBe(true);
	const notice = await takeNotice(scene.system, id);
	expect(notice?.ear).toEqual({ token: "t" });
	return notice?.whisper;
};
const titlesOf = async (scene: Scene) => (await hear(scene))?.items.map(({ title }) => title);

test("a linked person hears which decisions they may make, newest first, with task, due time and page", async () => {
	const scene = await build();
	const editor = await buildEditor(scene);
	await link(scene, editor.ctx);
	expect(await hear(scene, "inbox")).toMatchObject({ text: "Nothing waits for you.", items: [] });

	const due = inAnHour();
	await requestDecision(scene, { question: "First?", expires_at: due });
	await requestDecision(scene, { question: "Mine?", decider_ids: [editor.userId] });
	const ownerId = scene.owner.actor.type === "user" ? scene.owner.actor.userId : "";
	await requestDecision(scene, { question: "Theirs?", decider_ids: [ownerId] });
	const made = await requestDecision(scene, { question: "Made?" });
	await decide(scene.owner, made.id, { option_id: "approve", comment: "" });
	const over = await requestDecision(scene, { question: "Over?", expires_at: inAnHour(), on_expiry: "reject" });
	await passExpiry(scene, over.id);

	const whisper = await hear(scene);
	expect(whisper?.items.map(({ title }) => title)).toEqual(["Mine?", "First?"]);
	expect(whisper?.items[1]).toMatchObject({
		about: expect.stringContaining(" on "),
		due,
		url: expect.stringMatching(`^/projects/${scene.projectId}/plans/.+decision=`),
	});
	expect(whisper?.link.url).toBe(`/projects/${scene.projectId}`);
});

test("what was escalated waits for an admin, too, and is due no more", async () => {
	const scene = await build();
	await link(scene, scene.owner);
	const { userId } = await buildEditor(scene);
	const { id } = await requestDecision(scene, { decider_ids: [userId], expires_at: inAnHour(), on_expiry: "escalate" });
	expect(await titlesOf(scene)).toEqual([]);
	await passExpiry(scene, id);
	await expireDecision(scene.system, id);
	expect((await hear(scene))?.items).toMatchObject([{ title: "Publish it?", due: null }]);
});

test("no more than ten decisions are listed, which it says", async () => {
	const scene = await build();
	await link(scene, scene.owner);
	for (let number = 0; number < 12; number += 1) await requestDecision(scene, { question: `Number ${number}?` });
	const whisper = await hear(scene);
	expect(whisper?.text).toContain("the 10 newest of each kind");
	expect(whisper?.items.map(({ title }) => title)).toEqual(Array.from({ length: 10 }, (_, index) => `Number ${11 - index}?`));
});

test("open questions that arrived in the channel, or from whoever is alone with us there, are listed; of what a viewer may do no decision is", async () => {
	const scene = await build();
	const { integration, system } = scene;
	await link(scene, await buildMember(database.db, scene.projectId, "viewer"));
	await requestDecision(scene);
	const to = async (address: string, question: string) => {
		const asked = await askAndDispatch(scene, { question, targets: [{ integration_id: integration.id, address }] });
		await attempt(scene, asked.deliveryIds[0]);
		return asked;
	};
	await to("C2", "Elsewhere?");
	const here = await to(channel, "Here?");
	await to(personAddress(grace.id), "You?");
	await askAndDispatch(scene, { question: "Under way?", targets: [{ integration_id: integration.id, address: channel }] });
	const whisper = await hear(scene);
	expect(whisper?.items.map(({ title }) => title)).toEqual(["You?", "Here?"]);
	expect(whisper?.items[1]?.url).toBe(`/projects/${scene.projectId}/requests/${here.id}`);

	const answer = { type: "answer" as const, externalId: "1", deliveryId: here.deliveryIds[0], text: "Spain", author: null };
	const actor = { type: "adapter" as const, adapter: integration.adapter, integrationId: integration.id };
	await receiveInbound({ ...system, actor }, integration.id, [answer]);
	await database.db.pool.query("update agent_requests set status = 'cancelled', closed_at = now() where id = $1", [here.id]);
	expect(await titlesOf(scene)).toEqual(["You?"]);
});

test("what an agent asks back is listed, in its words, for who may reply", async () => {
	const scene = await build();
	const { id } = await askAndDispatch(scene, { question: "What shall we write?" });
	await database.db.pool.query("update agent_requests set status = 'input_required', input_question = 'For whom?' where id = $1", [id]);
	const viewer = await buildMember(database.db, scene.projectId, "viewer");
	await link(scene, viewer);
	expect(await titlesOf(scene)).toEqual([]);
	await database.db.orm.delete(linkedAccounts);
	await link(scene, scene.owner);
	expect((await hear(scene))?.items).toMatchObject([{ title: "For whom?", about: expect.stringContaining("back from an agent") }]);
});

test("who isn't linked is led to link their account; who is no member hears so; neither is shown anything", async () => {
	const scene = await build();
	await requestDecision(scene);
	const unlinked = await hear(scene);
	expect(unlinked).toMatchObject({ items: [], link: { label: "Link your account" } });
	const token = unlinked?.link.url.split("#")[1] ?? "";
	expect(await readLinkToken(scene.system, token)).toMatchObject({ externalUserId: grace.id, integrationId: scene.integration.id });
	const editor = await buildMember(database.db, scene.projectId, "editor");
	await link(scene, editor);
	await leave(scene, editor);
	expect(await hear(scene)).toMatchObject({ items: [], text: expect.stringContaining("no member of this project") });
});

test("help, unknown words, and a channel that proves nobody are answered with what to do", async () => {
	const scene = await build();
	expect((await hear(scene, " HELP "))?.text).toMatch(/^Write \/planner inbox/);
	expect((await hear(scene, "dance"))?.text).toMatch(/doesn't know that command\. Write \/planner inbox/);
	const unproven = await buildScene(database.db, 1, { adapter: "chat" });
	expect((await hear(unproven))?.text).toContain("can't tell who you are");
});

test("a command is stored once, with an event and a timer behind it, and answered once", async () => {
	const scene = await build();
	const externalId = randomUUID();
	const ids = await Promise.all(Array.from({ length: 5 }, () => write(scene, "", externalId)));
	const [id = ""] = ids;
	expect(new Set(ids).size).toBe(1);
	expect(await eventsOf(scene, id)).toEqual(["person.command.received"]);
	expect(await timersOf(scene, id)).toMatchObject([{ type: "person.command.answer.due" }]);
	const answered = await Promise.all(Array.from({ length: 5 }, () => answerCommand(scene.system, id)));
	expect(answered.filter((isLeft) => isLeft)).toHaveLength(1);
	expect(await timersOf(scene, id)).toEqual([]);
	expect((await Promise.all([takeNotice(scene.system, id), takeNotice(scene.system, id)])).filter((notice) => notice)).toHaveLength(1);
	expect(await answerCommand(scene.system, id)).toBe(false);
	expect(await findViolations(scene.system)).toEqual([]);
});
