import { randomUUID } from "node:crypto";
import { buildIntegration, buildProject } from "@agentplanner/core/testing";
import { eq, linkedAccounts, users } from "@agentplanner/db";
import { createLinkToken } from "../../../core/src/users/link-token.ts";
import type { Caller, Lines, Prepared } from "./line.ts";
import { openSession, type Scene } from "./scene.ts";
import { email, password } from "./values.ts";

/** What the caller gets who presses something on a platform, in a project that they are in. */
const linkFor = async ({ api }: Scene, { email }: Caller): Promise<Prepared> => {
	const ctx = await buildProject(api.db, "Of a link");
	await api.db.pool.query("insert into project_members (project_id, user_id, role) select $1, id, 'viewer' from users where email = $2", [
		ctx.projectId,
		email,
	]);
	const externalAccount = randomUUID();
	const { id: integrationId } = await buildIntegration(api.db, ctx.projectId, undefined, { externalAccount });
	return { body: { token: await createLinkToken(ctx, { integrationId, externalAccount, externalUserId: "U1", name: "Ada" }) } };
};

export const auth: Lines<"auth"> = {
	register: { least: "anyone", scope: null, prepare: () => ({ body: { email: email(), name: "New", password } }) },
	login: { least: "anyone", scope: null, prepare: ({ account }) => ({ body: account }) },
	createAccessToken: { least: "anyone", scope: null, prepare: ({ account }) => ({ body: account }) },
	logout: { least: "account", scope: null },
	getSession: { least: "account", scope: null },
	getMethods: { least: "anyone", scope: null },
	changePassword: {
		least: "account",
		scope: null,
		// The walk's people have no password yet, and each sets one once.
		prepare: async ({ api }, { email }) => {
			await api.db.orm
				.update(users)
				.set({ passwordHash: null })
				.where(eq(users.email, email ?? ""));
			return { body: { new_password: password } };
		},
	},
	listSessions: { least: "account", scope: null },
	endSession: {
		least: "account",
		scope: null,
		prepare: async ({ api, owner }, { email }) => {
			const [user] = await api.db.orm
				.select()
				.from(users)
				.where(eq(users.email, email ?? ""));
			const ownerId = owner.actor.type === "user" ? owner.actor.userId : "";
			return { params: { sessionId: (await openSession(api, user?.id ?? ownerId)).id } };
		},
	},
	listLinkedAccounts: { least: "account", scope: null },
	previewLink: { least: "account", scope: null, prepare: (scene, caller) => linkFor(scene, caller) },
	linkAccount: { least: "account", scope: null, prepare: (scene, caller) => linkFor(scene, caller) },
	startLinking: { least: "account", scope: null },
	unlinkAccount: {
		least: "account",
		scope: null,
		prepare: async ({ api, owner }, { email }) => {
			const [user] = await api.db.orm
				.select()
				.from(users)
				.where(eq(users.email, email ?? ""));
			const ownerId = owner.actor.type === "user" ? owner.actor.userId : "";
			const person = { provider: "telegraph", externalAccount: randomUUID(), externalUserId: randomUUID(), name: "Ada" };
			const [made] = await api.db.orm
				.insert(linkedAccounts)
				.values({ userId: user?.id ?? ownerId, ...person })
				.returning();
			return { params: { linkedAccountId: made?.id ?? "" } };
		},
	},
};
