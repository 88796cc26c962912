import { agentHeartbeats, agents, eq, events, sql } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inTransaction, type ProjectContext } from "../context.ts";
import { ConflictError, ForbiddenError, NotFoundError, PreconditionFailedError } from "../errors.ts";
import { raceAgainst } from "../projects/race.ts";
import { buildMember, buildProject } from "../testing.ts";
import { createAgent } from "./create-agent.ts";
import { getAgent } from "./get-agent.ts";
import { listAgents } from "./list-agents.ts";
import { recordHeartbeat } from "./record-heartbeat.ts";
import { updateAgent } from "./update-agent.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const build = async () => {
	const owner = await buildProject(database.db);
	const viewer = await buildMember(database.db, owner.projectId, "viewer");
	return { owner, viewer, agent: await createAgent(owner, { name: "Researcher", description: "", capabilities: [] }) };
};
const eventsOf = (subjectId: string) => database.db.orm.select().from(events).where(eq(events.subjectId, subjectId)).orderBy(events.id);

describe("createAgent", () => {
	test("makes an agent that was never seen, and says so", async () => {
		const { owner, agent } = await build();
		expect(agent).toMatchObject({ project_id: owner.projectId, name: "Researcher", last_seen_at: null, version: 1 });
		expect(await eventsOf(agent.id)).toMatchObject([{ type: "agent.created", subjectType: "agent", projectId: owner.projectId }]);
	});

	test("of two of one name at once, one is a conflict; another project may use the name", async () => {
		const { owner } = await build();
		const outcomes = await Promise.allSettled([1, 2].map(() => createAgent(owner, { name: "Twin", description: "", capabilities: [] })));
		expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
		expect(outcomes.find((outcome) => outcome.status === "rejected")?.reason).toBeInstanceOf(ConflictError);
		await expect(createAgent(await buildProject(database.db), { name: "Twin", description: "", capabilities: [] })).resolves.toBeDefined();
	});

	test("a viewer may not, a stranger finds no project", async () => {
		const { owner, viewer } = await build();
		await expect(createAgent(viewer, { name: "Mine", description: "", capabilities: [] })).rejects.toThrow(ForbiddenError);
		const stranger = await buildProject(database.db);
		await expect(
			createAgent({ ...stranger, projectId: owner.projectId }, { name: "Mine", description: "", capabilities: [] }),
		).rejects.toThrow(NotFoundError);
	});
});

test("agents are listed by name, in their own project only", async () => {
	const { owner, viewer, agent } = await build();
	await createAgent(owner, { name: "Analyst", description: "", capabilities: [] });
	expect((await listAgents(viewer)).items.map(({ name }) => name)).toEqual(["Analyst", "Researcher"]);
	expect(await getAgent(viewer, agent.id)).toEqual(agent);
	await expect(getAgent(await buildProject(database.db), agent.id)).rejects.toThrow(NotFoundError);
});

describe("updateAgent", () => {
	test("changes the given field only, raises the version and says so", async () => {
		const { owner, agent } = await build();
		expect(await updateAgent(owner, agent.id, { description: "Reads" }, 1)).toMatchObject({
			name: "Researcher",
			description: "Reads",
			version: 2,
		});
		expect((await eventsOf(agent.id)).at(-1)).toMatchObject({ type: "agent.updated", data: { version: 2 } });
	});

	test("without a field nothing changes and nothing is said", async () => {
		const { owner, agent } = await build();
		expect(await updateAgent(owner, agent.id, {}, 1)).toEqual(agent);
		expect(await eventsOf(agent.id)).toHaveLength(1);
	});

	test("a viewer may not; in another project it is not found", async () => {
		const { viewer, agent } = await build();
		await expect(updateAgent(viewer, agent.id, { name: "Mine" }, null)).rejects.toThrow(ForbiddenError);
		await expect(updateAgent(await buildProject(database.db), agent.id, { name: "Mine" }, null)).rejects.toThrow(NotFoundError);
	});

	test("a name that is taken, a stale version, and being overtaken are conflicts", async () => {
		const { owner, agent } = await build();
		await createAgent(owner, { name: "Taken", description: "", capabilities: [] });
		await expect(updateAgent(owner, agent.id, { name: "Taken" }, null)).rejects.toThrow(/of that name/);
		const attempt = raceAgainst(
			database.db,
			(tx) => tx.update(agents).set({ version: sql`version + 1` }).where(eq(agents.id, agent.id)),
			() => updateAgent(owner, agent.id, { name: "Late" }, null),
		);
		await expect(attempt).rejects.toThrow(ConflictError);
		await expect(updateAgent(owner, agent.id, { name: "Late" }, 1)).rejects.toThrow(PreconditionFailedError);
	});
});

describe("recordHeartbeat", () => {
	const beat = (ctx: ProjectContext, agentId: string) => inTransaction(ctx, (tx) => recordHeartbeat(tx, agentId));
	const lastSeen = async (ctx: ProjectContext, agentId: string) => (await getAgent(ctx, agentId)).last_seen_at;
	const moveBack = (agentId: string, seconds: number) =>
		database.db.orm
			.update(agentHeartbeats)
			.set({ lastSeenAt: sql`now() - ${seconds} * interval '1 second'` })
			.where(eq(agentHeartbeats.agentId, agentId));

	test("shows when the agent was last seen, without an event", async () => {
		const { owner, agent } = await build();
		await beat(owner, agent.id);
		expect(Math.abs(Date.now() - Date.parse((await lastSeen(owner, agent.id)) ?? ""))).toBeLessThan(5_000);
		expect(await eventsOf(agent.id)).toHaveLength(1);
	});

	test("is written again after five seconds, not before", async () => {
		const { owner, agent } = await build();
		await beat(owner, agent.id);
		await moveBack(agent.id, 3);
		const recent = await lastSeen(owner, agent.id);
		await beat(owner, agent.id);
		expect(await lastSeen(owner, agent.id)).toBe(recent);
		await moveBack(agent.id, 6);
		const old = await lastSeen(owner, agent.id);
		await beat(owner, agent.id);
		expect(await lastSeen(owner, agent.id)).not.toBe(old);
	});

	test("two first ones at once make one row", async () => {
		const { owner, agent } = await build();
		await Promise.all([1, 2, 3].map(() => beat(owner, agent.id)));
		expect(await lastSeen(owner, agent.id)).not.toBeNull();
	});
});
