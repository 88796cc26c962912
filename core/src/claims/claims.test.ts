import { randomUUID } from "node:crypto";
import { agentScopes, type Claim, CreateDecisionInput } from "@agentplanner/contracts";
import { and, eq, events, nodeClaims, planNodes, sql, timers } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProjectContext } from "../context.ts";
import { cancelDecision } from "../decisions/cancel-decision.ts";
import { createDecision } from "../decisions/create-decision.ts";
import { ConflictError, ForbiddenError, NotFoundError } from "../errors.ts";
import { deleteNode } from "../plans/delete-nodes.ts";
import { getNode } from "../plans/get-node.ts";
import { restoreNode } from "../plans/restore-node.ts";
import { setNodeStatus } from "../plans/set-node-status.ts";
import { setNodeStatuses } from "../plans/set-node-statuses.ts";
import { undoPlanChange } from "../plans/undo-plan-change.ts";
import { updatePlan } from "../plans/update-plan.ts";
import { buildAgent, buildMember, buildNode, buildProject } from "../testing.ts";
import { findViolations } from "../upkeep/find-violations.ts";
import { breakClaim } from "./break-claim.ts";
import { claimNode } from "./claim-node.ts";
import { expireClaim } from "./expire-claim.ts";
import { listClaims } from "./list-claims.ts";
import { releaseClaim } from "./release-claim.ts";
import { renewClaim } from "./renew-claim.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const asAgent = (owner: ProjectContext, agent: { id: string; name: string }): ProjectContext => ({
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
});

const build = async () => {
	const owner = await buildProject(database.db);
	const node = await buildNode(database.db, owner.projectId);
	const [writer, other] = [
		asAgent(owner, await buildAgent(database.db, owner.projectId, "Writer")),
		asAgent(owner, await buildAgent(database.db, owner.projectId, "Other")),
	];
	const system: ProjectContext = { ...owner, actor: { type: "system", name: "test" } };
	return { owner, node, writer, other, system };
};

const lease = { lease_seconds: 60 };
const page = { limit: 50 };
const statusOf = async (owner: ProjectContext, nodeId: string) => (await getNode(owner, nodeId)).status;
const typesOf = async (nodeId: string) =>
	(await database.db.orm.select().from(events).where(eq(events.subjectId, nodeId)).orderBy(events.id)).map(({ type }) => type);
const runOut = (claimId: string) =>
	database.db.orm.update(nodeClaims).set({ leaseUntil: sql`now() - interval '1 second'` }).where(eq(nodeClaims.id, claimId));
const leaseTimers = (claimId: string) =>
	database.db.orm
		.select()
		.from(timers)
		.where(and(eq(timers.subjectId, claimId), eq(timers.type, "node.claim.lease.due")));

describe("a claim", () => {
	test("starts the node, is listed with its holder, and has its timer", async () => {
		const { owner, node, writer } = await build();
		const claim = await claimNode(writer, node.id, lease);
		expect(claim).toMatchObject({ fence: 1, lease_seconds: 60, node: { id: node.id }, holder: { name: "Writer" }, ended_at: null });
		expect(Math.abs(Date.parse(claim.lease_until) - Date.now() - 60_000)).toBeLessThan(5_000);
		expect(await statusOf(owner, node.id)).toBe("in_progress");
		expect((await listClaims(owner, { ...page, plan_id: node.planId })).items).toEqual([claim]);
		expect((await leaseTimers(claim.id)).map(({ dueAt }) => dueAt.toISOString())).toEqual([claim.lease_until]);
		expect(await typesOf(node.id)).toEqual(["node.claimed", "node.status.changed"]);
	});

	test("is refused while somebody holds the node, the holder too, and nothing changes", async () => {
		const { owner, node, writer, other } = await build();
		const claim = await claimNode(writer, node.id, lease);
		const before = [await listClaims(owner, page), await getNode(owner, node.id), await typesOf(node.id)];
		for (const caller of [other, owner, writer]) {
			const attempt = claimNode(caller, node.id, lease);
			await expect(attempt).rejects.toThrow(ConflictError);
			await expect(attempt).rejects.toThrow(`This task is held by Writer until ${claim.lease_until}.`);
		}
		expect([await listClaims(owner, page), await getNode(owner, node.id), await typesOf(node.id)]).toEqual(before);
	});

	test("of many at once one succeeds", async () => {
		const { node, writer, other } = await build();
		const outcomes = await Promise.allSettled(
			Array.from({ length: 10 }, (_, index) => claimNode(index % 2 ? writer : other, node.id, lease)),
		);
		expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
		for (const outcome of outcomes) if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(ConflictError);
	});

	test("can't be had of what is done or blocked, by a viewer, or in another project", async () => {
		const { owner, node } = await build();
		const viewer = await buildMember(database.db, owner.projectId, "viewer");
		await expect(claimNode(viewer, node.id, lease)).rejects.toThrow(ForbiddenError);
		await expect(claimNode(await buildProject(database.db), node.id, lease)).rejects.toThrow(NotFoundError);
		for (const status of ["blocked", "completed", "cancelled"] as const) {
			await setNodeStatus(owner, node.id, { status }, null);
			await expect(claimNode(owner, node.id, lease)).rejects.toThrow(`This task is ${status}`);
		}
	});
});

describe("the end of a lease", () => {
	test("frees the node at once, before its timer has done anything; the next fence is higher", async () => {
		const { owner, node, writer, other } = await build();
		const first = await claimNode(writer, node.id, lease);
		await runOut(first.id);
		expect((await listClaims(owner, page)).items).toEqual([]);
		await expect(renewClaim(writer, first.id, {})).rejects.toThrow("This claim ran out");
		await expect(releaseClaim(writer, first.id)).rejects.toThrow(ConflictError);
		const second = await claimNode(other, node.id, lease);
		expect(second.fence).toBe(2);
		expect(await leaseTimers(first.id)).toEqual([]);
		await expireClaim({ ...owner, actor: { type: "system", name: "late" } }, first.id);
		expect((await listClaims(owner, page)).items).toEqual([second]);
		const types = await typesOf(node.id);
		expect(types.filter((type) => type === "node.claim.expired")).toHaveLength(1);
	});

	test("is said by the timer, which puts the node back to where it was, once", async () => {
		const { owner, node, writer, system } = await build();
		const claim = await claimNode(writer, node.id, lease);
		await expireClaim(system, claim.id);
		expect(await statusOf(owner, node.id)).toBe("in_progress");
		await runOut(claim.id);
		await Promise.all([expireClaim(system, claim.id), expireClaim(system, claim.id)]);
		expect(await statusOf(owner, node.id)).toBe("not_started");
		expect(await leaseTimers(claim.id)).toEqual([]);
		expect((await typesOf(node.id)).slice(2)).toEqual(["node.claim.expired", "node.status.changed"]);
	});

	test("leaves alone what a person has moved meanwhile", async () => {
		const { owner, node, writer, system } = await build();
		const claim = await claimNode(writer, node.id, lease);
		await setNodeStatus(owner, node.id, { status: "blocked" }, null);
		await runOut(claim.id);
		await expireClaim(system, claim.id);
		expect(await statusOf(owner, node.id)).toBe("blocked");
	});

	test("while a decision blocks the node: unblocked, it is where it was before the claim", async () => {
		const { owner, node, writer, other, system } = await build();
		const asked = CreateDecisionInput.parse({ node_id: node.id, question: "Go on?", urgency: "blocking" });
		for (const end of [
			(claim: Claim) => runOut(claim.id).then(() => expireClaim(system, claim.id)),
			(claim: Claim) => releaseClaim(writer, claim.id),
		]) {
			const claim = await claimNode(writer, node.id, lease);
			const { id } = await createDecision(owner, asked);
			await end(claim);
			expect(await statusOf(owner, node.id)).toBe("blocked");
			await cancelDecision(owner, id);
			expect(await statusOf(owner, node.id)).toBe("not_started");
		}
		await claimNode(other, node.id, lease);
	});

	test("is put off by its holder alone, who keeps the fence", async () => {
		const { owner, node, writer, other, system } = await build();
		const claim = await claimNode(writer, node.id, lease);
		await expect(renewClaim(other, claim.id, {})).rejects.toThrow(ForbiddenError);
		await expect(renewClaim(owner, claim.id, {})).rejects.toThrow(ForbiddenError);
		const renewed = await renewClaim(writer, claim.id, { lease_seconds: 600 });
		expect(renewed).toMatchObject({ id: claim.id, fence: 1, lease_seconds: 600 });
		expect(Date.parse(renewed.lease_until)).toBeGreaterThan(Date.parse(claim.lease_until));
		expect((await leaseTimers(claim.id)).map(({ dueAt }) => dueAt.toISOString())).toEqual([renewed.lease_until]);
		await expireClaim(system, claim.id);
		expect((await listClaims(owner, page)).items).toEqual([renewed]);
	});
});

describe("a claim ends", () => {
	test("when its holder gives it up, and nobody else can", async () => {
		const { owner, node, writer, other } = await build();
		const claim = await claimNode(writer, node.id, lease);
		await expect(releaseClaim(other, claim.id)).rejects.toThrow(ForbiddenError);
		expect(await releaseClaim(writer, claim.id)).toMatchObject({ ended_as: "released" });
		expect(await statusOf(owner, node.id)).toBe("not_started");
		await expect(releaseClaim(writer, claim.id)).rejects.toThrow("This claim was given up");
	});

	test("when a person breaks it; tokens can't, be they a person's", async () => {
		const { owner, node, writer, other } = await build();
		const claim = await claimNode(writer, node.id, lease);
		await expect(breakClaim(other, claim.id)).rejects.toThrow(ForbiddenError);
		expect(await breakClaim(owner, claim.id)).toMatchObject({ ended_as: "broken" });
		await expect(renewClaim(writer, claim.id, {})).rejects.toThrow("This claim was broken by a person");
		expect(await claimNode(other, node.id, lease)).toMatchObject({ fence: 2 });
	});

	test("when the node is deleted; restored, it is where it was before the claim", async () => {
		const { owner, node, writer, other } = await build();
		const claim = await claimNode(writer, node.id, lease);
		await deleteNode(owner, node.id, null);
		expect(await leaseTimers(claim.id)).toEqual([]);
		await restoreNode(owner, node.id);
		expect(await statusOf(owner, node.id)).toBe("not_started");
		expect(await claimNode(other, node.id, lease)).toMatchObject({ fence: 2 });
	});

	test("with the work, whoever says that it is done", async () => {
		const { owner, node, writer } = await build();
		const claim = await claimNode(writer, node.id, lease);
		await setNodeStatus(owner, node.id, { status: "completed" }, null);
		expect((await listClaims(owner, page)).items).toEqual([]);
		expect(await leaseTimers(claim.id)).toEqual([]);
		await expect(renewClaim(writer, claim.id, {})).rejects.toThrow("This claim ended with the task");
		expect(await typesOf(node.id)).toContain("node.claim.finished");
	});
});

describe("what an agent writes", () => {
	const complete = (caller: ProjectContext, nodeId: string, fence: number | null) =>
		setNodeStatus(caller, nodeId, { status: "completed" }, null, fence);

	test("names the fence of its claim, or is refused with the one who holds the node", async () => {
		const { owner, node, writer, other } = await build();
		const claim = await claimNode(writer, node.id, lease);
		for (const fence of [null, 1])
			await expect(complete(other, node.id, fence)).rejects.toThrow(`held by Writer until ${claim.lease_until}`);
		await expect(complete(writer, node.id, null)).rejects.toThrow("Name it in the header Claim-Fence");
		await expect(complete(writer, node.id, 2)).rejects.toThrow(ConflictError);
		expect(await statusOf(owner, node.id)).toBe("in_progress");
		expect(await complete(writer, node.id, claim.fence)).toMatchObject({ status: "completed" });
	});

	test("under a claim that is over is refused, whether or not somebody else has it by now", async () => {
		const { node, writer, other } = await build();
		const claim = await claimNode(writer, node.id, lease);
		await runOut(claim.id);
		await expect(complete(writer, node.id, claim.fence)).rejects.toThrow("nobody holds it now");
		const next = await claimNode(other, node.id, lease);
		await expect(complete(writer, node.id, claim.fence)).rejects.toThrow("held by Other");
		expect(await complete(other, node.id, next.fence)).toMatchObject({ status: "completed" });
	});

	test("and the end of its lease never both happen", async () => {
		for (let round = 0; round < 10; round += 1) {
			const { owner, node, writer, other } = await build();
			const claim = await claimNode(writer, node.id, lease);
			const [, done] = await Promise.allSettled([
				breakClaim(owner, claim.id).then(() => claimNode(other, node.id, lease)),
				complete(writer, node.id, claim.fence),
			]);
			const [row] = await database.db.orm.select().from(planNodes).where(eq(planNodes.id, node.id));
			expect(row?.status === "completed").toBe(done.status === "fulfilled");
		}
	});
});

test("an open claim without its timer breaks the rule of upkeep", async () => {
	const { node, writer, system } = await build();
	const claim = await claimNode(writer, node.id, lease);
	const found = async () => (await findViolations(system)).filter(({ subject }) => subject === claim.id);
	expect(await found()).toEqual([]);
	await database.db.orm.delete(timers).where(eq(timers.subjectId, claim.id));
	expect(await found()).toEqual([{ rule: "open claim without a timer", subject: claim.id }]);
});

test("in an archived plan none is taken or renewed, and what is held is given up or broken", async () => {
	const { owner, node, writer } = await build();
	const second = await buildNode(database.db, owner.projectId, { planId: node.planId, position: "a1" });
	const [mine, other] = [await claimNode(writer, node.id, lease), await claimNode(writer, second.id, lease)];
	await updatePlan(owner, node.planId, { status: "archived" }, null);
	await expect(renewClaim(writer, mine.id, {})).rejects.toThrow("archived");
	expect(await releaseClaim(writer, mine.id)).toMatchObject({ ended_as: "released" });
	expect(await breakClaim(owner, other.id)).toMatchObject({ ended_as: "broken" });
	await expect(claimNode(writer, node.id, lease)).rejects.toThrow("archived");
});

test("undoing the change of status that ended a claim frees the task, and doesn't bring the claim back", async () => {
	const { owner, node, writer, other } = await build();
	const { id: waiting } = await buildNode(database.db, owner.projectId, { planId: node.planId });
	const begun = await buildNode(database.db, owner.projectId, { planId: node.planId, status: "in_progress" });
	const claim = await claimNode(writer, node.id, lease);
	await claimNode(writer, begun.id, lease);
	const chosen = [node.id, waiting, begun.id].map((id) => ({ id }));
	for (const status of ["completed", "not_started"] as const) {
		const { change } = await setNodeStatuses(owner, node.planId, { nodes: chosen, status });
		await undoPlanChange(owner, node.planId, change?.id ?? "");
		expect(await statusOf(owner, node.id)).toBe("not_started");
		// Somebody had begun it before it was claimed.
		expect(await statusOf(owner, begun.id)).toBe("in_progress");
	}
	await expect(renewClaim(writer, claim.id, {})).rejects.toThrow("This claim ended with the task");
	expect((await claimNode(other, node.id, lease)).fence).toBe(claim.fence + 1);

	const { change } = await setNodeStatuses(owner, node.planId, { nodes: [{ id: node.id }], status: "blocked" });
	await undoPlanChange(owner, node.planId, change?.id ?? "");
	expect(await statusOf(owner, node.id)).toBe("in_progress");
	expect((await listClaims(owner, { ...page, node_id: node.id })).items).toHaveLength(1);
});
