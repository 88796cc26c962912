import { randomBytes, randomUUID } from "node:crypto";
import type { MessageContent, Role } from "@agentplanner/contracts";
import {
	agents,
	type Database,
	messagingIntegrations,
	planNodes,
	plans,
	projectMembers,
	projects,
	routes,
	users,
	webhookSubscriptions,
} from "@agentplanner/db";
import type { Actor, Context, ProjectContext } from "./context.ts";
import { createKeys } from "./keys.ts";

/** Builders for tests: each makes its own project, straight in the tables, so that a test depends on the verb it tests alone. */

/** For processes that a test starts beside itself. */
export const testEncryptionKey = randomBytes(32).toString("base64");
export const testKeys = createKeys(testEncryptionKey);

/** Whose context it is; none: "". */
export const userIdOf = ({ actor }: Context): string => (actor.type === "user" ? actor.userId : "");

export const buildContext = (db: Database, actor: Actor = { type: "system", name: "test" }): Context => ({
	db: db.orm,
	actor,
	requestId: null,
	traceId: null,
	now: () => new Date(),
	keys: testKeys,
	adapterLabel: (adapter) => adapter.slice(0, 1).toUpperCase() + adapter.slice(1),
});

const first = <Row>(rows: Row[]): Row => {
	const row = rows[0];
	if (row === undefined) throw new Error("The insert returned no row.");
	return row;
};

export const buildUser = async (db: Database, name = "Ada") =>
	first(
		await db.orm
			.insert(users)
			.values({ name, email: `${name.toLowerCase()}-${randomUUID()}@example.org` })
			.returning(),
	);

/** A context of a fresh user in that role of that project. */
export const buildMember = async (db: Database, projectId: string, role: Role): Promise<ProjectContext> => {
	const user = await buildUser(db, role);
	await db.orm.insert(projectMembers).values({ projectId, userId: user.id, role });
	return { ...buildContext(db, { type: "user", userId: user.id, sessionId: randomUUID(), name: user.name }), projectId };
};

/** A new project and the context of its owner. */
export const buildProject = async (db: Database, name = "Test project"): Promise<ProjectContext> => {
	const project = first(
		await db.orm
			.insert(projects)
			.values({ name, allowedNetworks: ["127.0.0.0/8"] })
			.returning(),
	);
	return buildMember(db, project.id, "owner");
};

export const buildNode = async (db: Database, projectId: string, overrides: Partial<typeof planNodes.$inferInsert> = {}) => {
	const plan = overrides.planId
		? { id: overrides.planId }
		: first(await db.orm.insert(plans).values({ projectId, title: "Launch" }).returning());
	return first(
		await db.orm
			.insert(planNodes)
			.values({ projectId, planId: plan.id, kind: "task", title: "Write the announcement", position: "a0", ...overrides })
			.returning(),
	);
};

export const buildAgent = async (db: Database, projectId: string, name = `Agent ${randomUUID()}`) =>
	first(await db.orm.insert(agents).values({ projectId, name }).returning());

/** A webhook integration pointing at `url`, sealed with the test keys. */
export const buildIntegration = async (
	db: Database,
	projectId: string,
	url = "http://127.0.0.1:9/",
	overrides: Partial<typeof messagingIntegrations.$inferInsert> = {},
) => {
	const id = randomUUID();
	const secrets = { signing_secret: `whsec_${randomBytes(32).toString("base64")}` };
	const row = first(
		await db.orm
			.insert(messagingIntegrations)
			.values({
				id,
				projectId,
				adapter: "webhook",
				name: `Webhook ${id}`,
				settings: { url },
				credentials: testKeys.seal(JSON.stringify(secrets), id),
				secretNames: Object.keys(secrets),
				...overrides,
			})
			.returning(),
	);
	return { ...row, secrets };
};

/** What some delivery says, where it doesn't matter. */
export const someContent: MessageContent = {
	kind: "text",
	text: "Hello",
	from: "Ada",
	sent_at: "2026-03-02T09:00:00.000Z",
	project: { id: randomUUID(), name: "Test project" },
};

/** An agent that is reached through that integration. */
export const buildRoutedAgent = async (db: Database, projectId: string, integrationId: string) => {
	const agent = await buildAgent(db, projectId);
	await db.orm.insert(routes).values({ projectId, agentId: agent.id, integrationId, position: 0 });
	return agent;
};

/** A subscription to all events from now on. */
export const buildSubscription = async (
	db: Database,
	projectId: string,
	overrides: Partial<typeof webhookSubscriptions.$inferInsert> & { integrationId: string },
) =>
	first(
		await db.orm
			.insert(webhookSubscriptions)
			.values({
				projectId,
				name: `Subscription ${randomUUID()}`,
				ownsIntegration: false,
				types: ["*"],
				fromPosition: 0,
				owner: "Ada",
				...overrides,
			})
			.returning(),
	);
