import { randomUUID } from "node:crypto";
import { auditLogs, eq, linkedAccounts, messagingIntegrations } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { scriptOf } from "../decisions/testing.ts";
import { ConflictError, ForbiddenError, UnauthorizedError, UnprocessableError } from "../errors.ts";
import { buildScene } from "../requests/testing.ts";
import { buildContext, buildMember, buildProject, userIdOf } from "../testing.ts";
import { linkPlatformAccount } from "./link-platform-account.ts";
import { createLinkToken } from "./link-token.ts";
import { previewLink } from "./preview-link.ts";
import { unlinkAccount } from "./unlink-account.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const accountsOf = (user: ProjectContext) =>
	database.db.orm
		.select()
		.from(linkedAccounts)
		.where(eq(linkedAccounts.userId, userIdOf(user)));

const buildLink = async (externalUserId = "U1") => {
	const scene = await buildScene(database.db, 0, { adapter: "chat", externalAccount: randomUUID() });
	const { id: integrationId, externalAccount } = scene.integration;
	const person = { integrationId, externalAccount: externalAccount ?? "", externalUserId, name: "Grace H." };
	return { scene, person, token: await createLinkToken(scene.system, person) };
};

test("a member says who they are there; looking at the link says it of nobody, and saying it again changes nothing", async () => {
	const { scene, person, token } = await buildLink();
	const viewer = await buildMember(database.db, scene.projectId, "viewer");
	const link = {
		adapter: "chat",
		name: "Grace H.",
		integration: { id: scene.integration.id, name: scene.integration.name },
		project: { id: scene.projectId, name: "Test project" },
	};
	expect(await previewLink(viewer, token)).toEqual({ ...link, linked: false });
	expect(await accountsOf(viewer)).toEqual([]);
	for (const _time of [1, 2]) expect(await linkPlatformAccount(viewer, token)).toEqual({ ...link, linked: true });
	expect(await previewLink(viewer, token)).toEqual({ ...link, linked: true });
	expect(await previewLink(scene.owner, token)).toEqual({ ...link, linked: false });
	expect(await accountsOf(viewer)).toMatchObject([
		{ provider: "chat", externalAccount: person.externalAccount, externalUserId: "U1", name: "Grace H." },
	]);
	expect(
		await database.db.orm
			.select()
			.from(auditLogs)
			.where(eq(auditLogs.subjectId, userIdOf(viewer))),
	).toMatchObject([{ type: "account.linked" }]);
});

test("nobody takes over a person who is somebody else here, nor is one two people there, also at once", async () => {
	const { scene, person, token } = await buildLink();
	const { owner } = scene;
	const editor = await buildMember(database.db, scene.projectId, "editor");
	const both = await Promise.allSettled([linkPlatformAccount(owner, token), linkPlatformAccount(editor, token)]);
	const lost = both.find((result) => result.status === "rejected");
	expect(lost?.reason).toBeInstanceOf(ConflictError);
	expect(lost?.reason.message).toContain("Grace H. on Chat is linked to somebody else's account here.");
	const winner = both[0]?.status === "fulfilled" ? owner : editor;
	const twin = await createLinkToken(scene.system, { ...person, externalUserId: "U2" });
	await expect(linkPlatformAccount(winner, twin)).rejects.toThrow("You are linked to somebody else on Chat already.");
	const [account] = await accountsOf(winner);
	await unlinkAccount(winner, account?.id ?? "");
	expect(await linkPlatformAccount(winner, twin)).toMatchObject({ linked: true });
});

test("a link is refused to strangers, scripts and nobody; expired, changed, or of a channel that is gone, to everybody", async () => {
	const { scene, token } = await buildLink();
	const { owner } = scene;
	for (const verb of [previewLink, linkPlatformAccount]) {
		await expect(verb(await buildProject(database.db), token)).rejects.toThrow(ForbiddenError);
		await expect(verb(scriptOf(scene, owner, ["decisions:decide"]), token)).rejects.toThrow(ForbiddenError);
		await expect(verb(buildContext(database.db, { type: "anonymous" }), token)).rejects.toThrow(UnauthorizedError);
		const later = { ...owner, now: () => new Date(Date.now() + 15 * 60_000 + 1_000) };
		await expect(verb(later, token)).rejects.toThrow("This link was good for 15 minutes.");
		const [head, body = "", mac] = token.split(".");
		const changed = Buffer.from(Buffer.from(body, "base64url").toString().replace("U1", "U9")).toString("base64url");
		for (const wrong of [`${head}.${changed}.${mac}`, token.slice(0, -9), "nonsense"])
			await expect(verb(owner, wrong)).rejects.toThrow("not whole, or not one of ours");
	}
	await database.db.orm
		.update(messagingIntegrations)
		.set({ externalAccount: "T2" })
		.where(eq(messagingIntegrations.id, scene.integration.id));
	await expect(linkPlatformAccount(owner, token)).rejects.toThrow(UnprocessableError);
	expect(await accountsOf(owner)).toEqual([]);
});
