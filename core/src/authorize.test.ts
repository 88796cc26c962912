import { randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { authorize, authorizeMany } from "./authorize.ts";
import { ForbiddenError } from "./errors.ts";
import { buildScene } from "./requests/testing.ts";
import { buildMember, buildProject } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

test("an adapter hands on what its platform told it, and may do nothing else", async () => {
	const { system, integration } = await buildScene(database.db);
	const adapter = { ...system, actor: { type: "adapter", adapter: "test", integrationId: integration.id } as const };
	for (const action of ["requests:answer", "project:read"] as const) await authorize(adapter, action);
	for (const action of ["requests:create", "requests:cancel", "deliveries:retry", "integrations:write", "routes:write"] as const)
		await expect(authorize(adapter, action), action).rejects.toThrow(ForbiddenError);
});

test("many at once are judged as one by one", async () => {
	const [owner, other] = [await buildProject(database.db), await buildProject(database.db)];
	const { projectId } = owner;
	const { actor: viewer } = await buildMember(database.db, projectId, "viewer");
	const script = { type: "token", tokenId: randomUUID(), name: "CI", agentId: null } as const;
	const ownerId = owner.actor.type === "user" ? owner.actor.userId : "";
	const asking = [
		owner,
		{ ...owner, projectId: projectId.toUpperCase() },
		{ ...owner, projectId: other.projectId },
		{ actor: viewer, projectId },
		{ actor: { ...script, projectId, scopes: ["plans:write" as const], userId: ownerId }, projectId },
		{ actor: { ...script, projectId, scopes: ["events:read" as const], userId: ownerId }, projectId },
		{ actor: { ...script, projectId, scopes: ["plans:write" as const], userId: ownerId }, projectId: other.projectId },
		{ actor: { type: "anonymous" as const }, projectId },
	];
	const oneByOne = asking.map((one) =>
		authorize({ ...owner, ...one }, "plans:write").then(
			() => null,
			({ message }) => message,
		),
	);
	const verdicts = await authorizeMany(
		owner,
		asking.map((one) => ({ ...one, action: "plans:write" as const })),
	);
	const atOnce = verdicts.map(({ refusal }) => refusal?.message ?? null);
	expect(verdicts.map(({ role }) => role)).toEqual(["owner", "owner", null, "viewer", "owner", "owner", null, null]);
	expect(atOnce).toEqual(await Promise.all(oneByOne));
	expect(atOnce.map((refusal) => refusal === null)).toEqual([true, true, false, false, true, false, false, false]);
	expect(await authorizeMany(owner, [])).toEqual([]);
});
