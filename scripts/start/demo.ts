import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import { adapterById, adapterLabel } from "@agentplanner/adapters";
import { CreateNodeInput } from "@agentplanner/contracts";
import {
	type Context,
	createAgent,
	createIntegration,
	createKeys,
	createNode,
	createPlan,
	createProject,
	inTransaction,
	type ProjectContext,
	registerUser,
	setRoutes,
	type Tx,
} from "@agentplanner/core";
import { eq, messagingIntegrations, openDatabase, projects, users } from "@agentplanner/db";
import { readJson, writePrivate } from "./data-folder.ts";
import { demoPlan } from "./demo-plan.ts";
import { freePort } from "./ports.ts";

export type DemoLogin = { email: string; password: string };
type EchoAgent = { port: number; signing_secret: string; integration_id: string };

/** `null` where there is no demo: not wanted, or the database has accounts of its own. */
export type Demo = { login: DemoLogin | null; echoAgent: { port: number; signingSecret: string } | null; hasUsers: boolean };

const preferredEchoPort = 4100;
const files = (dataDir: string) => ({ login: join(dataDir, "demo-login.json"), echo: join(dataDir, "echo-agent.json") });
const echoUrl = (port: number) => `http://127.0.0.1:${port}/`;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

const createDemoNodes = async (ctx: ProjectContext, planId: string, parentId: string | null, nodes: typeof demoPlan.nodes) => {
	for (const { dueInDays, children = [], ...said } of nodes) {
		const due_at = dueInDays === undefined ? null : inDays(dueInDays);
		const node = await createNode(ctx, planId, CreateNodeInput.parse({ ...said, parent_id: parentId, due_at }));
		await createDemoNodes(ctx, planId, node.id, children);
	}
};

/** Account, project, plan, agent, integration and routes, in the caller's transaction. */
const createDemo = async (anonymous: Tx<Context>, login: DemoLogin, echo: { port: number; signing_secret: string }): Promise<string> => {
	const { session } = await registerUser(anonymous, { ...login, name: "Demo" }, { signup: "invitation" });
	const { user } = session;
	const owner = { ...anonymous, actor: { type: "user" as const, userId: user.id, sessionId: randomUUID(), name: user.name } };
	const project = await createProject(owner, { name: "Demo project" });
	// The one private address it may reach: this machine, where the echo agent listens.
	await anonymous.db
		.update(projects)
		.set({ allowedNetworks: ["127.0.0.0/8"] })
		.where(eq(projects.id, project.id));
	const ctx = { ...owner, projectId: project.id };

	const plan = await createPlan(ctx, { title: demoPlan.title, description: demoPlan.description });
	await createDemoNodes(ctx, plan.id, null, demoPlan.nodes);

	const webhook = adapterById("webhook");
	if (!webhook) throw new Error("This build has no webhook adapter.");
	const agent = await createAgent(ctx, {
		name: "Echo",
		description: 'Answers with what it was asked. Begin a question with "later", "ask" or "no" to see the other ways to answer.',
		capabilities: ["echo"],
	});
	const integration = await createIntegration(
		ctx,
		{
			adapter: "webhook",
			name: "Echo agent on this machine",
			settings: { url: echoUrl(echo.port) },
			secrets: { signing_secret: echo.signing_secret },
		},
		webhook,
	);
	const routes = { routes: [{ integration_id: integration.id, address: "" }] };
	await setRoutes(ctx, { agentId: agent.id }, routes, null);
	await setRoutes(ctx, "project", routes, null);
	return integration.id;
};

/** Makes the demo in an empty database; later finds it again, and moves the echo agent if its port has been taken since. */
export const prepareDemo = async (options: {
	databaseUrl: string;
	encryptionKey: string;
	dataDir: string;
	wanted: boolean;
}): Promise<Demo> => {
	const { login: loginFile, echo: echoFile } = files(options.dataDir);
	const db = openDatabase({ url: options.databaseUrl, name: "agentplanner-start", poolSize: 2, onError: () => {} });
	const ctx: Context = {
		db: db.orm,
		actor: { type: "anonymous" },
		requestId: null,
		traceId: null,
		now: () => new Date(),
		keys: createKeys(options.encryptionKey),
		adapterLabel,
	};
	try {
		const hasUsers = (await db.orm.select({ id: users.id }).from(users).limit(1)).length > 0;
		if (!hasUsers && options.wanted) {
			const login = { email: "demo@example.org", password: randomBytes(12).toString("base64url") };
			const echo = {
				port: await freePort(preferredEchoPort),
				signing_secret: `whsec_${randomBytes(32).toString("base64")}`,
			};
			await inTransaction(ctx, async (tx) => {
				const integrationId = await createDemo(tx, login, echo);
				// Before the commit: a login that was committed but never written down would lock everybody out.
				writePrivate(loginFile, `${JSON.stringify(login, null, "\t")}\n`);
				writePrivate(echoFile, `${JSON.stringify({ ...echo, integration_id: integrationId }, null, "\t")}\n`);
			});
			return { login, echoAgent: { port: echo.port, signingSecret: echo.signing_secret }, hasUsers: true };
		}
		const login = readJson<DemoLogin>(loginFile);
		const echo = readJson<EchoAgent>(echoFile);
		if (!hasUsers || !login || !echo) return { login: null, echoAgent: null, hasUsers };
		const found = await db.orm
			.select({ id: messagingIntegrations.id, settings: messagingIntegrations.settings })
			.from(messagingIntegrations)
			.where(eq(messagingIntegrations.id, echo.integration_id));
		if (!found[0]) return { login: null, echoAgent: null, hasUsers };
		const port = await freePort(echo.port);
		if (port !== echo.port) {
			await db.orm
				.update(messagingIntegrations)
				.set({ settings: { ...found[0].settings, url: echoUrl(port) } })
				.where(eq(messagingIntegrations.id, echo.integration_id));
			writePrivate(echoFile, `${JSON.stringify({ ...echo, port }, null, "\t")}\n`);
		}
		return { login, echoAgent: { port, signingSecret: echo.signing_secret }, hasUsers };
	} finally {
		await db.close();
	}
};
