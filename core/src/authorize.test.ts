import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { authorize } from "./authorize.ts";
import { ForbiddenError } from "./errors.ts";
import { buildScene } from "./requests/testing.ts";

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
