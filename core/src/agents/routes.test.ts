import { randomUUID } from "node:crypto";
import { auditLogs, eq, events, messagingIntegrations } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ForbiddenError, NotFoundError, PreconditionFailedError, UnprocessableError } from "../errors.ts";
import { buildAgent, buildIntegration, buildMember, buildNode, buildProject } from "../testing.ts";
import { getRoutes } from "./get-routes.ts";
import type { RouteOwner } from "./queries.ts";
import { setRoutes } from "./set-routes.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const build = async () => {
	const owner = await buildProject(database.db);
	const { projectId } = owner;
	const agent = await buildAgent(database.db, projectId);
	const { planId } = await buildNode(database.db, projectId);
	const one = await buildIntegration(database.db, projectId);
	const other = await buildIntegration(database.db, projectId);
	return { owner, agentId: agent.id, planId, one, other };
};
const routesTo = (...targets: [integrationId: string, address: string][]) => ({
	routes: targets.map(([integration_id, address]) => ({ integration_id, address })),
});
const targetsOf = ({ items }: Awaited<ReturnType<typeof getRoutes>>) => items.map((route) => [route.integration_id, route.address]);

test("agent, plan and project each have routes of their own, in the given order, and say when they change", async () => {
	const { owner, agentId, planId, one, other } = await build();
	const cases: [RouteOwner, string, string][] = [
		[{ agentId }, "agent.routes.changed", agentId],
		[{ planId }, "plan.routes.changed", planId],
		["project", "project.routes.changed", owner.projectId],
	];
	for (const [index, [routeOwner, type, subjectId]] of cases.entries()) {
		const targets: [string, string][] = [
			[other.id, `#${index}`],
			[one.id, ""],
		];
		const set = await setRoutes(owner, routeOwner, routesTo(...targets), null);
		expect(targetsOf(set)).toEqual(targets);
		expect(set.items[0]).toMatchObject({ integration_name: other.name, adapter: "webhook", position: 0 });
		const found = await database.db.orm.select().from(events).where(eq(events.subjectId, subjectId));
		expect(found).toMatchObject([{ type, projectId: owner.projectId }]);
		const logged = await database.db.orm.select().from(auditLogs).where(eq(auditLogs.subjectId, subjectId));
		expect(logged).toMatchObject([{ type, projectId: owner.projectId, data: routesTo(...targets) }]);
	}
	expect((await getRoutes(owner, { planId })).items[0]?.address).toBe("#1");
});

describe("setRoutes", () => {
	test("replaces all, also by none or by the same in another order", async () => {
		const { owner, agentId, one, other } = await build();
		await setRoutes(owner, { agentId }, routesTo([one.id, ""], [other.id, ""]), null);
		expect(targetsOf(await setRoutes(owner, { agentId }, routesTo([other.id, ""], [one.id, ""]), null))).toEqual([
			[other.id, ""],
			[one.id, ""],
		]);
		expect(await setRoutes(owner, { agentId }, routesTo(), null)).toMatchObject({ items: [] });
	});

	test("names every route with an unknown, foreign or repeated integration, and changes nothing", async () => {
		const { owner, agentId, one } = await build();
		const foreign = await build();
		const before = await setRoutes(owner, { agentId }, routesTo([one.id, "#kept"]), null);
		const attempt = setRoutes(
			owner,
			{ agentId },
			routesTo([one.id, "#a"], [randomUUID(), ""], [one.id, "#b"], [foreign.one.id, ""], [one.id, "#a"]),
			null,
		);
		await expect(attempt).rejects.toThrow(UnprocessableError);
		await expect(attempt).rejects.toMatchObject({
			fields: [
				{ field: "body.routes.1.integration_id", message: "is not an integration of this project" },
				{ field: "body.routes.3.integration_id", message: "is not an integration of this project" },
				{ field: "body.routes.4.integration_id", message: "stands in the list already, with the same address" },
			],
		});
		expect(await getRoutes(owner, { agentId })).toEqual(before);
	});

	test("of six who saw the same list one replaces it; a renamed integration is no clash", async () => {
		const { owner, agentId, one, other } = await build();
		const { version } = await setRoutes(owner, { agentId }, routesTo([one.id, ""]), null);
		await database.db.orm.update(messagingIntegrations).set({ name: "Renamed" }).where(eq(messagingIntegrations.id, one.id));
		const outcomes = await Promise.allSettled(
			Array.from({ length: 6 }, (_, index) => setRoutes(owner, { agentId }, routesTo([other.id, `#${index}`]), version)),
		);
		expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
		for (const outcome of outcomes) if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(PreconditionFailedError);
		const kept = await getRoutes(owner, { agentId });
		await expect(setRoutes(owner, { agentId }, routesTo(), version)).rejects.toThrow(PreconditionFailedError);
		expect(await getRoutes(owner, { agentId })).toEqual(kept);
	});

	test("an editor may not; another project's agent or plan is not found", async () => {
		const { owner, agentId, planId, one } = await build();
		const editor = await buildMember(database.db, owner.projectId, "editor");
		await expect(setRoutes(editor, { agentId }, routesTo([one.id, ""]), null)).rejects.toThrow(ForbiddenError);
		const stranger = await buildProject(database.db);
		for (const routeOwner of [{ agentId }, { planId }]) {
			await expect(setRoutes(stranger, routeOwner, routesTo(), null)).rejects.toThrow(NotFoundError);
			await expect(getRoutes(stranger, routeOwner)).rejects.toThrow(NotFoundError);
		}
	});

	test("of many at once one stands whole", async () => {
		const { owner, agentId, planId, one, other } = await build();
		for (const routeOwner of ["project", { agentId }, { planId }] as const) {
			await Promise.all(
				Array.from({ length: 6 }, (_, index) =>
					setRoutes(owner, routeOwner, routesTo([one.id, `#${index}`], [other.id, `#${index}`]), null),
				),
			);
			const { items } = await getRoutes(owner, routeOwner);
			expect(items).toHaveLength(2);
			expect(items[0]?.address).toBe(items[1]?.address);
		}
	});
});
