import { auditLogs, eq, events, projects, sql, userSessions, users } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { ConflictError, ForbiddenError, NotFoundError, PreconditionFailedError, UnauthorizedError } from "../errors.ts";
import { buildContext, buildMember, buildProject, userIdOf } from "../testing.ts";
import { authenticateSession } from "../users/authenticate-session.ts";
import { registerUser } from "../users/register-user.ts";
import { createProject } from "./create-project.ts";
import { getProject } from "./get-project.ts";
import { listProjects } from "./list-projects.ts";
import { raceAgainst } from "./race.ts";
import { selectProject } from "./select-project.ts";
import { updateProject } from "./update-project.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildStranger = async ({ projectId }: ProjectContext) => ({ ...(await buildProject(database.db)), projectId });

let count = 0;
/** A user with a real session, for what sessions remember. */
const buildSignedIn = async () => {
	const anonymous = buildContext(database.db, { type: "anonymous" });
	const input = { email: `p${++count}@example.org`, name: "Ada", password: "correct horse battery" };
	const { token } = await registerUser(anonymous, input, { signup: "open" });
	const session = await authenticateSession(anonymous, token);
	if (!session) throw new Error("not signed in");
	const activeProjectId = async () => (await authenticateSession(anonymous, token))?.activeProjectId;
	return { ...buildContext(database.db, session.actor), activeProjectId };
};

describe("createProject", () => {
	test("makes its creator the owner and becomes the session's project", async () => {
		const ctx = await buildSignedIn();
		const project = await createProject(ctx, { name: "Apollo" });
		expect(project).toMatchObject({ name: "Apollo", role: "owner", version: 1 });
		expect(await ctx.activeProjectId()).toBe(project.id);
		const found = await database.db.orm.select().from(events).where(eq(events.projectId, project.id));
		expect(found).toMatchObject([{ type: "project.created", subjectType: "project", subjectId: project.id }]);
	});

	test("needs a user", async () => {
		await expect(createProject(buildContext(database.db, { type: "anonymous" }), { name: "Apollo" })).rejects.toThrow(UnauthorizedError);
	});

	test("two of one name at once are two projects", async () => {
		const ctx = await buildSignedIn();
		const made = await Promise.all([createProject(ctx, { name: "Twin" }), createProject(ctx, { name: "Twin" })]);
		expect(new Set(made.map(({ id }) => id)).size).toBe(2);
		expect(made.map(({ id }) => id)).toContain(await ctx.activeProjectId());
	});
});

test("listProjects shows the user's own by name, with the role in each", async () => {
	const viewer = await buildMember(database.db, (await buildProject(database.db, "Beta")).projectId, "viewer");
	await createProject(viewer, { name: "Alpha" });
	const { items } = await listProjects(viewer);
	expect(items.map(({ name, role }) => `${name} ${role}`)).toEqual(["Alpha owner", "Beta viewer"]);
});

test("getProject shows it to members only", async () => {
	const owner = await buildProject(database.db);
	const viewer = await buildMember(database.db, owner.projectId, "viewer");
	expect(await getProject(viewer)).toMatchObject({ id: owner.projectId, role: "viewer" });
	const stranger = await buildProject(database.db);
	await expect(getProject({ ...stranger, projectId: owner.projectId })).rejects.toThrow(NotFoundError);
});

describe("updateProject", () => {
	/** The first account of the installation, whose word on networks counts. */
	const firstAccount = async (ctx: ProjectContext) => {
		await database.db.orm
			.update(users)
			.set({ createdAt: new Date(0) })
			.where(eq(users.id, userIdOf(ctx)));
		return ctx;
	};
	const trail = async ({ projectId }: ProjectContext) => ({
		events: (await database.db.orm.select().from(events).where(eq(events.projectId, projectId))).map(({ type }) => type),
		audit: (await database.db.orm.select().from(auditLogs).where(eq(auditLogs.projectId, projectId))).map(({ type, data }) => ({
			type,
			data,
		})),
	});

	test("changes what is given, says so, and writes it into the audit log; what stays the same is no change", async () => {
		const owner = await firstAccount(await buildProject(database.db));
		await database.db.orm.update(projects).set({ allowedNetworks: [] }).where(eq(projects.id, owner.projectId));
		expect(await updateProject(owner, { name: "Renamed" }, 1)).toMatchObject({ name: "Renamed", allowed_networks: [], version: 2 });
		const networks = { allowed_networks: ["10.1.0.0/16", "10.1.0.0/16", "fd00::/8"] };
		const allowed = await updateProject(owner, networks, 2);
		expect(allowed).toMatchObject({ name: "Renamed", allowed_networks: ["10.1.0.0/16", "fd00::/8"], version: 3 });
		expect(await updateProject(owner, { ...networks, name: "Renamed" }, 3)).toEqual(allowed);
		expect(await trail(owner)).toEqual({
			events: ["project.updated", "project.updated"],
			audit: [
				{ type: "project.updated", data: { name: "Renamed" } },
				{ type: "project.updated", data: { allowed_networks: ["10.1.0.0/16", "fd00::/8"], previous_networks: [] } },
			],
		});
	});

	test("an admin may rename, but networks are for the first account; an editor may neither, nor see them", async () => {
		const owner = await buildProject(database.db);
		await firstAccount(await buildProject(database.db, "The first account's own"));
		const admin = await buildMember(database.db, owner.projectId, "admin");
		const editor = await buildMember(database.db, owner.projectId, "editor");
		expect(await updateProject(admin, { name: "By an admin" }, null)).toMatchObject({ allowed_networks: ["127.0.0.0/8"] });
		for (const ctx of [owner, admin, editor])
			await expect(updateProject(ctx, { allowed_networks: ["169.254.169.254/32"] }, null)).rejects.toThrow(ForbiddenError);
		await expect(updateProject(editor, { name: "By an editor" }, null)).rejects.toThrow(ForbiddenError);
		await expect(updateProject(await buildStranger(owner), { name: "By a stranger" }, null)).rejects.toThrow(NotFoundError);
		expect(await getProject(editor)).toMatchObject({ name: "By an admin", allowed_networks: null });
	});

	test("a stale version, and being overtaken between reading and writing, change nothing", async () => {
		const owner = await buildProject(database.db);
		await updateProject(owner, { name: "First" }, 1);
		await expect(updateProject(owner, { name: "Second" }, 1)).rejects.toThrow(PreconditionFailedError);
		const overtaken = (expected: number | null) =>
			raceAgainst(
				database.db,
				(tx) => tx.update(projects).set({ version: sql`version + 1` }).where(eq(projects.id, owner.projectId)),
				() => updateProject(owner, { name: "Late" }, expected),
			);
		await expect(overtaken(2)).rejects.toThrow(PreconditionFailedError);
		await expect(overtaken(null)).rejects.toThrow(ConflictError);
		expect(await getProject(owner)).toMatchObject({ name: "First" });
	});
});

describe("selectProject", () => {
	test("moves the session to the project", async () => {
		const ctx = await buildSignedIn();
		const first = await createProject(ctx, { name: "First" });
		await createProject(ctx, { name: "Second" });
		expect(await selectProject({ ...ctx, projectId: first.id })).toMatchObject({ id: first.id, role: "owner" });
		expect(await ctx.activeProjectId()).toBe(first.id);
	});

	test("a stranger's project is not found and not selected", async () => {
		const ctx = await buildSignedIn();
		const other = await buildProject(database.db);
		await expect(selectProject({ ...ctx, projectId: other.projectId })).rejects.toThrow(NotFoundError);
		expect(await ctx.activeProjectId()).toBeNull();
	});

	test("a session that ends at the same moment selects nothing", async () => {
		const ctx = await buildSignedIn();
		const { id: projectId } = await createProject(ctx, { name: "Late" });
		const { actor } = ctx;
		if (actor.type !== "user") throw new Error("not a user");
		const attempt = raceAgainst(
			database.db,
			(tx) => tx.update(userSessions).set({ revokedAt: sql`now()` }).where(eq(userSessions.id, actor.sessionId)),
			() => selectProject({ ...ctx, projectId }),
		);
		await expect(attempt).rejects.toThrow(UnauthorizedError);
	});
});
