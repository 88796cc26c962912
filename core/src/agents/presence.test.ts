import { randomUUID } from "node:crypto";
import { agentScopes } from "@agentplanner/contracts";
import { agentHeartbeats, and, eq, events, sql, timers } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { claimNode } from "../claims/claim-node.ts";
import { releaseClaim } from "../claims/release-claim.ts";
import type { ProjectContext } from "../context.ts";
import { ForbiddenError } from "../errors.ts";
import { buildAgent, buildContext, buildNode, buildProject } from "../testing.ts";
import { authenticateApiToken } from "../tokens/authenticate-api-token.ts";
import { createToken } from "../tokens/create-token.ts";
import { findViolations } from "../upkeep/find-violations.ts";
import { beat } from "./beat.ts";
import { getAgent } from "./get-agent.ts";
import { getOwnAgent } from "./get-own-agent.ts";
import { noticeAbsence } from "./notice-absence.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const build = async () => {
	const owner = await buildProject(database.db);
	const agent = await buildAgent(database.db, owner.projectId);
	const self: ProjectContext = {
		...owner,
		actor: {
			type: "token",
			tokenId: randomUUID(),
			projectId: owner.projectId,
			scopes: [...agentScopes],
			userId: null,
			agentId: agent.id,
			name: agent.name,
		},
	};
	return { owner, self, agentId: agent.id, system: { ...owner, actor: { type: "system" as const, name: "test" } } };
};

const every30s = { interval_seconds: 30 };
const heardOf = (agentId: string, secondsAgo: number) =>
	database.db.orm
		.update(agentHeartbeats)
		.set({ lastSeenAt: sql`now() - ${secondsAgo} * interval '1 second'` })
		.where(eq(agentHeartbeats.agentId, agentId));
const presenceOf = async (owner: ProjectContext, agentId: string) => (await getAgent(owner, agentId)).presence;
const typesOf = async (agentId: string) =>
	(await database.db.orm.select().from(events).where(eq(events.subjectId, agentId)).orderBy(events.id)).map(({ type }) => type);
const absenceTimers = (agentId: string) =>
	database.db.orm
		.select()
		.from(timers)
		.where(and(eq(timers.subjectId, agentId), eq(timers.type, "agent.absence.due")));

test("an agent is idle, live with something in hand, and gone by the clock after three missed beats", async () => {
	const { owner, self, agentId } = await build();
	expect(await presenceOf(owner, agentId)).toBeNull();
	expect(await beat(self, every30s)).toMatchObject({ id: agentId, presence: "idle", heartbeat_seconds: 30 });
	const claim = await claimNode(self, (await buildNode(database.db, owner.projectId)).id, { lease_seconds: 300 });
	expect(await presenceOf(owner, agentId)).toBe("live");
	await releaseClaim(self, claim.id);
	expect(await getOwnAgent(self)).toMatchObject({ presence: "idle" });
	await heardOf(agentId, 89);
	expect(await presenceOf(owner, agentId)).toBe("idle");
	await heardOf(agentId, 91);
	expect(await presenceOf(owner, agentId)).toBe("gone");
});

test("its going is said once, and its return", async () => {
	const { owner, self, agentId, system } = await build();
	await beat(self, every30s);
	await heardOf(agentId, 91);
	await Promise.all([noticeAbsence(system, agentId), noticeAbsence(system, agentId)]);
	await noticeAbsence(system, agentId);
	expect(await absenceTimers(agentId)).toEqual([]);
	expect(await typesOf(agentId)).toEqual(["agent.gone"]);
	await beat(self, every30s);
	expect(await presenceOf(owner, agentId)).toBe("idle");
	expect(await typesOf(agentId)).toEqual(["agent.gone", "agent.returned"]);
	expect(await absenceTimers(agentId)).toHaveLength(1);
});

test("its timer looks again when it was heard of meanwhile", async () => {
	const { self, agentId, system } = await build();
	await beat(self, every30s);
	await heardOf(agentId, 60);
	await noticeAbsence(system, agentId);
	const [timer] = await absenceTimers(agentId);
	expect(Math.abs((timer?.dueAt.getTime() ?? 0) - Date.now() - 30_000)).toBeLessThan(5_000);
	expect(await typesOf(agentId)).toEqual([]);
});

test("any call with its token is a sign of life, which promises nothing; of one that was gone it is the return", async () => {
	const { owner, self, agentId, system } = await build();
	const { token } = await createToken(owner, { name: "CI", agent_id: agentId, scopes: ["plans:read"] });
	const call = () => authenticateApiToken(buildContext(database.db, { type: "anonymous" }), token);
	await call();
	expect(await getAgent(owner, agentId)).toMatchObject({ presence: null, heartbeat_seconds: null, last_seen_at: expect.any(String) });
	expect(await absenceTimers(agentId)).toEqual([]);
	await beat(self, every30s);
	await heardOf(agentId, 91);
	await noticeAbsence(system, agentId);
	await call();
	expect(await getAgent(owner, agentId)).toMatchObject({ presence: "idle", heartbeat_seconds: 30 });
	expect(await absenceTimers(agentId)).toHaveLength(1);
	expect((await typesOf(agentId)).at(-1)).toBe("agent.returned");
});

test("nobody else beats for it; one that beats without a timer breaks the rule of upkeep", async () => {
	const { owner, self, agentId, system } = await build();
	await expect(beat(owner, every30s)).rejects.toThrow(ForbiddenError);
	await expect(getOwnAgent(owner)).rejects.toThrow(ForbiddenError);
	await beat(self, every30s);
	const found = async () => (await findViolations(system)).filter(({ subject }) => subject === agentId);
	expect(await found()).toEqual([]);
	await database.db.orm.delete(timers).where(eq(timers.subjectId, agentId));
	expect(await found()).toEqual([{ rule: "agent that beats without a timer", subject: agentId }]);
});
