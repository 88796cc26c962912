import { and, auditLogs, eq, events, isNull, linkedAccounts, userSessions, users } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Context } from "../context.ts";
import { NotFoundError, UnprocessableError } from "../errors.ts";
import { acceptInvitation } from "../members/accept-invitation.ts";
import { createInvitation } from "../members/create-invitation.ts";
import { raceAgainst } from "../projects/race.ts";
import { buildContext, buildProject, buildUser } from "../testing.ts";
import { linkAccount } from "./link-account.ts";
import { listLinkedAccounts } from "./list-linked-accounts.ts";
import { registerUser } from "./register-user.ts";
import { signInWithAccount, type VouchedPerson } from "./sign-in-with-account.ts";
import { unlinkAccount } from "./unlink-account.ts";

let database: TestDatabase;
beforeEach(async () => {
	database = await createTestDatabase();
});
afterEach(() => database.drop());

const octocat: VouchedPerson = {
	provider: "github",
	externalAccount: null,
	externalUserId: "583231",
	name: "octocat",
	displayName: "The Octocat",
	email: "octocat@example.org",
};
const anonymous = () => buildContext(database.db, { type: "anonymous" });
const signIn = (person: Partial<VouchedPerson> = {}, signup: "open" | "invitation" = "open") =>
	signInWithAccount(anonymous(), { ...octocat, ...person }, { signup, userAgent: "Firefox" });
const as = async (started: ReturnType<typeof signIn>): Promise<Context> => buildContext(database.db, (await started).actor);
const audited = async (type: string) =>
	(await database.db.orm.select().from(auditLogs).where(eq(auditLogs.type, type))).map(({ data, projectId }) => ({ data, projectId }));
const refused = (problem: string) => ({ name: "DomainError", problem });

describe("signInWithAccount", () => {
	test("makes an account of somebody new, and signs the same person into it ever after, whatever their address is by then", async () => {
		const { session, token } = await signIn();
		expect(session.user).toMatchObject({ email: "octocat@example.org", name: "The Octocat" });
		expect(token).toMatch(/^[\w-]{43}$/);
		const again = await signIn({ email: "new@example.org", name: "renamed" }, "invitation");
		expect(again.session.user.id).toBe(session.user.id);
		expect(await signIn({ email: null })).toMatchObject({ session: { user: { id: session.user.id } } });
		expect(await database.db.orm.select().from(users)).toMatchObject([{ email: "octocat@example.org", passwordHash: null }]);
		expect(await database.db.orm.select({ userAgent: userSessions.userAgent }).from(userSessions)).toContainEqual({ userAgent: "Firefox" });
		expect(await audited("account.created")).toEqual([{ projectId: null, data: { provider: "github", external_user_id: "583231" } }]);
	});

	test("takes no account over that has the same address, and needs a verified one", async () => {
		await buildUser(database.db);
		const [ada] = await database.db.orm.select().from(users);
		await expect(signIn({ email: ada?.email.toUpperCase() ?? "" })).rejects.toMatchObject(refused("email_taken"));
		await expect(signIn({ email: null })).rejects.toMatchObject(refused("no_verified_email"));
		expect(await database.db.orm.select().from(linkedAccounts)).toEqual([]);
		expect(await database.db.orm.select().from(userSessions)).toEqual([]);
	});

	test("by invitation: the first account, then invited addresses alone, which join nothing unasked", async () => {
		await signIn({}, "invitation");
		const stranger = { externalUserId: "2", email: "grace@example.org" };
		await expect(signIn(stranger, "invitation")).rejects.toMatchObject(refused("sign_up_closed"));
		const owner = await buildProject(database.db);
		const { token } = await createInvitation(owner, { email: "Grace@example.org", role: "editor" });
		await createInvitation(await buildProject(database.db), { email: "grace@example.org", role: "viewer" });
		const started = signIn(stranger, "invitation");
		expect((await started).session).toMatchObject({ active_project_id: null, projects: [] });
		expect(await acceptInvitation(await as(started), { token })).toMatchObject({ id: owner.projectId, role: "editor" });
		await expect(signIn({ externalUserId: "3", email: "alan@example.org" }, "invitation")).rejects.toMatchObject(refused("sign_up_closed"));
	});

	test("two windows of one person make one account", async () => {
		const outcomes = await Promise.all([signIn(), signIn(), signIn()]);
		expect(new Set(outcomes.map(({ session }) => session.user.id)).size).toBe(1);
		expect(await database.db.orm.select().from(users)).toHaveLength(1);
	});
});

describe("linkAccount and unlinkAccount", () => {
	const register = async (name: string) => {
		const input = { email: `${name}@example.org`, name, password: "correct horse battery" };
		const { session } = await registerUser(anonymous(), input, { signup: "open" });
		return buildContext(database.db, { type: "user", userId: session.user.id, sessionId: crypto.randomUUID(), name });
	};

	test("link a person to one user, and a user to one person there; saying it again changes nothing", async () => {
		const [ada, eve] = [await register("ada"), await register("eve")];
		await linkAccount(ada, octocat);
		await linkAccount(ada, octocat);
		await expect(linkAccount(eve, octocat)).rejects.toMatchObject(refused("linked_elsewhere"));
		await expect(linkAccount(ada, { ...octocat, externalUserId: "2" })).rejects.toMatchObject(refused("another_linked"));
		// The same number is another person on another platform, and in another team.
		for (const externalAccount of ["T1", "T2"]) await linkAccount(eve, { ...octocat, provider: "slack", externalAccount });
		expect((await signIn()).session.user.name).toBe("ada");
		expect(await listLinkedAccounts(ada)).toMatchObject({ has_password: true, items: [{ provider: "github", name: "octocat" }] });
		expect(await audited("account.linked")).toHaveLength(3);
		const linked = await database.db.orm.select().from(events).where(eq(events.type, "user.linked"));
		expect(linked.map(({ data }) => data)).toContainEqual({ provider: "github" });
	});

	test("unlink one's own, but not the last way to sign in", async () => {
		const [ada, eve] = [await register("ada"), await register("eve")];
		await linkAccount(ada, octocat);
		const [account] = (await listLinkedAccounts(ada)).items;
		await expect(unlinkAccount(eve, account?.id ?? "")).rejects.toThrow(NotFoundError);
		await unlinkAccount(ada, account?.id ?? "");
		expect((await listLinkedAccounts(ada)).items).toEqual([]);
		await expect(unlinkAccount(ada, account?.id ?? "")).rejects.toThrow(NotFoundError);
		expect(await audited("account.unlinked")).toHaveLength(1);

		const alone = await as(signIn());
		await linkAccount(alone, { ...octocat, provider: "slack", externalAccount: "T1" });
		const { items, has_password } = await listLinkedAccounts(alone);
		expect(has_password).toBe(false);
		const idOf = (provider: string) => items.find((item) => item.provider === provider)?.id ?? "";
		await expect(unlinkAccount(alone, idOf("github"))).rejects.toThrow(UnprocessableError);
		await unlinkAccount(alone, idOf("slack"));
		expect((await listLinkedAccounts(alone)).items).toHaveLength(1);
	});

	test("whoever unlinks while the password is taken away waits, and is then refused", async () => {
		const ada = await register("ada");
		await linkAccount(ada, octocat);
		const [account] = (await listLinkedAccounts(ada)).items;
		const attempt = raceAgainst(
			database.db,
			(tx) => tx.update(users).set({ passwordHash: null }),
			() => unlinkAccount(ada, account?.id ?? ""),
		);
		await expect(attempt).rejects.toThrow(UnprocessableError);
		const left = await database.db.orm
			.select()
			.from(linkedAccounts)
			.where(and(eq(linkedAccounts.provider, "github"), isNull(linkedAccounts.externalAccount)));
		expect(left).toHaveLength(1);
	});
});
