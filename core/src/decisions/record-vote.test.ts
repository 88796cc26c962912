import { randomUUID } from "node:crypto";
import type { Inbound } from "@agentplanner/contracts";
import { and, auditLogs, eq, inboundEvents, linkedAccounts, sql, users } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { ConflictError } from "../errors.ts";
import { takeNotice } from "../notices/take-notice.ts";
import { askAndDispatch, buildScene, eventsOf, type Scene, timersOf } from "../requests/testing.ts";
import { receiveInbound } from "../responses/receive-inbound.ts";
import { buildIntegration, buildMember, userIdOf } from "../testing.ts";
import { findViolations } from "../upkeep/find-violations.ts";
import { readLinkToken } from "../users/link-token.ts";
import { cancelDecision } from "./cancel-decision.ts";
import { decide } from "./decide.ts";
import { getDecision } from "./get-decision.ts";
import { recordVote } from "./record-vote.ts";
import { leave, messagesOf, passExpiry, requestDecision, tellPeople } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

/** A decision that people were told of through a chat, where they can press its buttons. */
const buildChat = async (overrides: Parameters<typeof requestDecision>[1] = {}) => {
	const scene = await buildScene(database.db, 1, { adapter: "chat", externalAccount: randomUUID() });
	await tellPeople(scene);
	const { id } = await requestDecision(scene, overrides);
	const [message] = await messagesOf(scene, id);
	return { scene, id, deliveryId: message?.id ?? "" };
};
type Chat = Awaited<ReturnType<typeof buildChat>>;

const grace = { id: "U-grace", name: "Grace H." };
const ear = { response_url: "https://chat.example.org/whisper" };

const link = async ({ integration }: Scene, user: ProjectContext, person = grace) => {
	const { adapter: provider, externalAccount } = integration;
	const account = { provider, externalAccount, externalUserId: person.id, name: person.name };
	await database.db.orm.insert(linkedAccounts).values({ userId: userIdOf(user), ...account });
};

const adapterOf = ({ system, integration: { id, adapter } }: Scene): ProjectContext => ({
	...system,
	actor: { type: "adapter", adapter, integrationId: id },
});

/** What the platform says once that person has pressed; answers with the stored vote's id. */
const press = async ({ scene, deliveryId }: Chat, vote: Partial<Extract<Inbound, { type: "decision" }>> = {}): Promise<string> => {
	const externalId = randomUUID();
	const item: Inbound = { type: "decision", externalId, deliveryId, option: "approve", comment: "", person: grace, ear, ...vote };
	await receiveInbound(adapterOf(scene), scene.integration.id, [item]);
	const [row] = await database.db.orm
		.select()
		.from(inboundEvents)
		.where(and(eq(inboundEvents.integrationId, scene.integration.id), eq(inboundEvents.externalId, item.externalId)));
	return row?.id ?? "";
};
/** Judges it, and takes what its person has to be told. */
const record = async ({ system }: Scene, voteId: string) => {
	const isLeft = await recordVote(system, voteId);
	const notice = await takeNotice(system, voteId);
	expect(notice !== null).toBe(isLeft);
	return notice && { ...notice, ...notice.whisper };
};
const pressAndRecord = async (chat: Chat, vote: Parameters<typeof press>[1] = {}) => record(chat.scene, await press(chat, vote));

const read = async ({ scene, id }: Chat) => (await getDecision(scene.owner, id)).decision;
const auditOf = (decisionId: string) => database.db.orm.select().from(auditLogs).where(eq(auditLogs.subjectId, decisionId));

test("what a linked person chose on a platform is their decision, by the name and right they have here", async () => {
	const chat = await buildChat();
	const editor = await buildMember(database.db, chat.scene.projectId, "editor");
	await link(chat.scene, editor);
	expect(await pressAndRecord(chat, { comment: "On Monday." })).toBeNull();
	expect(await read(chat)).toMatchObject({
		status: "decided",
		option_id: "approve",
		comment: "On Monday.",
		closed_by: "editor",
		closed_via: "chat",
	});
	expect(await auditOf(chat.id)).toMatchObject([
		{
			data: { via: "chat" },
			actor: { type: "person", userId: userIdOf(editor), adapter: "chat", integrationId: chat.scene.integration.id },
		},
	]);
	await expect(decide(chat.scene.owner, chat.id, { option_id: "reject", comment: "" })).rejects.toThrow(
		"Decided by editor via Chat: Approve.",
	);
});

test("a vote is stored once, with an event and a timer behind it, and judged once", async () => {
	const chat = await buildChat();
	const externalId = randomUUID();
	const ids = await Promise.all(Array.from({ length: 5 }, () => press(chat, { externalId })));
	const [voteId = ""] = ids;
	expect(new Set(ids).size).toBe(1);
	expect(await eventsOf(chat.scene, voteId)).toEqual(["vote.received"]);
	expect(await timersOf(chat.scene, voteId)).toMatchObject([{ type: "agent.decision.vote.record.due" }]);

	const told = await Promise.all(Array.from({ length: 5 }, () => recordVote(chat.scene.system, voteId)));
	expect(told.filter((isLeft) => isLeft)).toHaveLength(1);
	expect(await timersOf(chat.scene, voteId)).toEqual([]);
	await link(chat.scene, chat.scene.owner);
	// Who was told to press again has to.
	expect(await recordVote(chat.scene.system, voteId)).toBe(false);
	expect((await read(chat)).status).toBe("pending");
	expect(await findViolations(chat.scene.system)).toEqual([]);
});

test("a run that dies between decision and timer doesn't tell the winner that they lost; nor is a second press of the same told", async () => {
	const chat = await buildChat();
	await link(chat.scene, chat.scene.owner);
	const voteId = await press(chat);
	await database.db.orm.execute(sql`
		create function refuse() returns trigger language plpgsql as $$ begin raise 'gone'; end $$;
		create trigger refuse before delete on timers for each row when (old.type = 'agent.decision.vote.record.due') execute function refuse()`);
	await expect(recordVote(chat.scene.system, voteId)).rejects.toThrow();
	await database.db.orm.execute(sql`drop trigger refuse on timers; drop function refuse`);
	expect((await read(chat)).status).toBe("decided");
	expect(await recordVote(chat.scene.system, voteId)).toBe(false);
	expect(await pressAndRecord(chat)).toBeNull();
	expect(await auditOf(chat.id)).toHaveLength(1);
});

test("of 200 votes and decisions on the web at once the first wins, once; everybody else hears who, where and what", async () => {
	const chat = await buildChat();
	const { scene, id } = chat;
	await link(scene, await buildMember(database.db, scene.projectId, "editor"));
	const votes = await Promise.all(Array.from({ length: 100 }, () => press(chat, { option: "reject" })));
	const web = () => decide(scene.owner, id, { option_id: "approve", comment: "" }).catch((error: Error) => error);
	const results = await Promise.all(votes.flatMap((voteId) => [record(scene, voteId), web()]));
	const outcome = await read(chat);
	const byVote = outcome.closed_via === "chat";
	const words = byVote ? "Decided by editor via Chat: Reject." : "Decided by owner via the web: Approve.";
	expect(outcome).toMatchObject({ status: "decided", option_id: byVote ? "reject" : "approve" });
	const conflicts = results.filter((result) => result instanceof ConflictError);
	expect(conflicts).toHaveLength(byVote ? 100 : 99);
	expect(new Set(conflicts.map(({ message }) => message))).toEqual(new Set([`This is no longer open. ${words}`]));
	const notices = results.flatMap((result) => (result !== null && "ear" in result ? [result.text] : []));
	expect(notices).toHaveLength(byVote ? 0 : 100);
	expect(notices.every((text) => text.startsWith(`Your choice came too late and changes nothing. ${words} That was on `))).toBe(true);
	expect(await auditOf(id)).toHaveLength(1);
	expect(await eventsOf(scene, id)).toEqual(["requested", "decided"]);
	expect((await messagesOf(scene, id)).map(({ status }) => status)).toEqual(["superseded"]);
	expect(await timersOf(scene, ...votes)).toEqual([]);
});

describe("a vote that doesn't count", () => {
	const pageOf = ({ scene, id }: Chat) => ({
		label: "Open the decision",
		url: `/projects/${scene.projectId}/plans/${scene.node.planId}?node=${scene.node.id}&decision=${id}`,
	});

	test("of somebody unlinked: they get a link that names them, good for a quarter of an hour", async () => {
		const chat = await buildChat();
		const notice = await pressAndRecord(chat);
		expect(notice).toMatchObject({ ear, integrationId: chat.scene.integration.id, link: { label: "Link your account" } });
		expect(notice?.text).toContain("Your choice was not recorded");
		const [, token = ""] = /^\/link-account#(.+)$/.exec(notice?.link.url ?? "") ?? [];
		expect(await readLinkToken(chat.scene.system, token)).toEqual({
			integrationId: chat.scene.integration.id,
			externalAccount: chat.scene.integration.externalAccount,
			externalUserId: "U-grace",
			name: "Grace H.",
		});
		expect((await read(chat)).status).toBe("pending");
	});

	test("of who is linked in another team, or on another platform, which is somebody else", async () => {
		const chat = await buildChat();
		const { integration } = chat.scene;
		for (const other of [{ adapter: "telegraph" }, { externalAccount: "T2" }])
			await link({ ...chat.scene, integration: { ...integration, ...other } }, chat.scene.owner);
		expect(await pressAndRecord(chat)).toMatchObject({ link: { label: "Link your account" } });
		expect((await read(chat)).status).toBe("pending");
	});

	test("of who has left the project, may not decide, or isn't among those who alone may", async () => {
		const said = async (chat: Chat, user: ProjectContext, leaves = false) => {
			await link(chat.scene, user);
			if (leaves) await leave(chat.scene, user);
			const notice = await pressAndRecord(chat);
			expect((await read(chat)).status).toBe("pending");
			expect(notice?.link).toEqual(pageOf(chat));
			return notice?.text;
		};
		const left = await buildChat();
		expect(await said(left, await buildMember(database.db, left.scene.projectId, "editor"), true)).toContain(
			"who is no member of this project",
		);
		const viewed = await buildChat();
		expect(await said(viewed, await buildMember(database.db, viewed.scene.projectId, "viewer"))).toContain("This needs the role editor");
		const named = await buildChat();
		await database.db.orm.execute(
			sql`update decision_requests set decider_ids = array[${userIdOf(left.scene.owner)}::uuid] where id = ${named.id}`,
		);
		expect(await said(named, named.scene.owner)).toContain("Only owner may decide this.");
	});

	test("for an option that isn't one; and from a channel where nobody proves who presses", async () => {
		const chat = await buildChat();
		await link(chat.scene, chat.scene.owner);
		expect(await pressAndRecord(chat, { option: "maybe" })).toMatchObject({
			text: expect.stringContaining("no such option"),
			link: pageOf(chat),
		});
		await database.db.orm.execute(sql`update messaging_integrations set external_account = null where id = ${chat.scene.integration.id}`);
		expect((await pressAndRecord(chat))?.text).toContain("Nobody can decide from here");
		expect((await read(chat)).status).toBe("pending");
	});

	test("for changes that it doesn't say", async () => {
		const chat = await buildChat();
		await link(chat.scene, chat.scene.owner);
		const notice = await pressAndRecord(chat, { option: "revise" });
		expect(notice?.text).toContain("Your choice was not recorded. Say what has to change");
		expect((await read(chat)).status).toBe("pending");
	});

	test("once it was cancelled, or has ended at its deadline", async () => {
		const cancelled = await buildChat();
		await link(cancelled.scene, cancelled.scene.owner);
		await cancelDecision(cancelled.scene.owner, cancelled.id);
		expect((await pressAndRecord(cancelled))?.text).toMatch(/Cancelled by owner\. That was on \d+ \w+ \d{4} at \d\d:\d\d UTC\.$/);
		const lapsed = await buildChat({ expires_at: new Date(Date.now() + 3_600_000).toISOString(), on_expiry: "reject" });
		await link(lapsed.scene, lapsed.scene.owner);
		await passExpiry(lapsed.scene, lapsed.id);
		expect((await pressAndRecord(lapsed))?.text).toContain("Its deadline has just passed");
	});

	test("under a message of another integration, of another kind, or of none: nobody is told", async () => {
		const chat = await buildChat();
		const { scene } = chat;
		await link(scene, scene.owner);
		const other = await buildIntegration(database.db, scene.projectId, undefined, { adapter: "chat", externalAccount: randomUUID() });
		await link({ ...scene, integration: other }, scene.owner);
		const { deliveryIds } = await askAndDispatch(scene);
		expect(await pressAndRecord({ ...chat, scene: { ...scene, integration: other } })).toBeNull();
		for (const deliveryId of [deliveryIds[0], randomUUID(), "not-an-id"]) expect(await pressAndRecord(chat, { deliveryId })).toBeNull();
		expect((await read(chat)).status).toBe("pending");
		const { rows } = await database.db.orm.execute(sql`select from timers where type = 'agent.decision.vote.record.due'`);
		expect(rows).toEqual([]);
	});

	test("is told to nobody where the platform gave no ear", async () => {
		const chat = await buildChat();
		expect(await pressAndRecord(chat, { ear: undefined as never })).toBeNull();
		expect(await database.db.orm.select().from(users).where(eq(users.name, grace.name))).toEqual([]);
	});
});
