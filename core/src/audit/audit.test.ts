import { auditLogs, eq } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inTransaction } from "../context.ts";
import { ForbiddenError, NotFoundError, UnauthorizedError } from "../errors.ts";
import { readChainHeads, stampEvents, verifyChain } from "../events/stamp-events.ts";
import { disableIntegration } from "../integrations/disable-integration.ts";
import { enableIntegration } from "../integrations/enable-integration.ts";
import { testAdapter } from "../integrations/testing.ts";
import { updateIntegration } from "../integrations/update-integration.ts";
import { buildContext, buildIntegration, buildMember, buildProject } from "../testing.ts";
import { audit } from "./audit.ts";
import { listAudit } from "./list-audit.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildLog = async () => {
	const owner = await buildProject(database.db);
	for (const number of [1, 2, 3])
		await inTransaction(owner, (tx) =>
			audit(tx, { type: "project.created", subjectId: owner.projectId, data: { number }, evidenceRefs: [`event:${number}`] }),
		);
	while ((await stampEvents(database.db)) > 0);
	return owner;
};

test("an act is in the log once its transaction has committed, numbered and chained like an event", async () => {
	const owner = await buildLog();
	await expect(
		inTransaction(owner, async (tx) => {
			await audit(tx, { type: "project.created", subjectId: owner.projectId });
			throw new Error("Stop");
		}),
	).rejects.toThrow("Stop");
	const { items, next_cursor } = await listAudit(owner, { limit: 2, cursor: 0 });
	expect(items).toMatchObject([
		{ type: "project.created", subject_type: "project", data: { number: 1 }, evidence_refs: ["event:1"], actor: owner.actor },
		{ data: { number: 2 } },
	]);
	const rest = await listAudit(owner, { limit: 2, cursor: next_cursor });
	expect(rest.items.map(({ data }) => data)).toEqual([{ number: 3 }]);
	expect(await listAudit(owner, { limit: 2, cursor: rest.next_cursor })).toEqual({ items: [], next_cursor: rest.next_cursor });
});

test("the newest first, page by page", async () => {
	const owner = await buildLog();
	const numbers = async (cursor: number) => {
		const { items, next_cursor } = await listAudit(owner, { limit: 2, cursor, order: "newest" });
		return { numbers: items.map(({ data }) => data.number), next_cursor };
	};
	const first = await numbers(0);
	expect(first.numbers).toEqual([3, 2]);
	const second = await numbers(first.next_cursor);
	expect(second.numbers).toEqual([1]);
	expect(await numbers(second.next_cursor)).toEqual({ numbers: [], next_cursor: second.next_cursor });
});

test.each([
	["data", { data: { number: 99 } }],
	["evidence", { evidenceRefs: [] }],
])("a changed line shows: %s", async (_, change) => {
	const owner = await buildLog();
	expect(await verifyChain(database.db, owner.projectId, "audit")).toBeNull();
	const heads = (await readChainHeads(owner)).filter(({ project_id }) => project_id === owner.projectId);
	expect(heads).toMatchObject([{ chain: "audit" }]);
	const [first] = (await listAudit(owner, { limit: 1, cursor: 0 })).items;
	await database.db.orm
		.update(auditLogs)
		.set(change)
		.where(eq(auditLogs.id, first?.id ?? ""));
	expect(await verifyChain(database.db, owner.projectId, "audit")).toMatchObject({ eventId: first?.id });
});

test("what changes an integration is in it, without a secret", async () => {
	const owner = await buildProject(database.db);
	const { id } = await buildIntegration(database.db, owner.projectId, "https://example.org/", {
		settings: { url: "https://example.org/" },
	});
	const change = { settings: { url: "https://example.net/" }, secrets: { signing_secret: "whsec_new", bot_token: "token" } };
	await updateIntegration(owner, id, change, testAdapter, null);
	await disableIntegration(owner, id, "Moving");
	await enableIntegration(owner, id);
	const logged = await database.db.orm.select().from(auditLogs).where(eq(auditLogs.subjectId, id)).orderBy(auditLogs.id);
	expect(logged.map(({ type, data }) => ({ type, data }))).toEqual([
		{ type: "integration.updated", data: { fields: ["settings"] } },
		{ type: "integration.secrets.changed", data: { secrets: ["signing_secret", "bot_token"] } },
		{ type: "integration.disabled", data: { reason: "Moving" } },
		{ type: "integration.enabled", data: {} },
	]);
});

test("only owners and admins read it", async () => {
	const owner = await buildLog();
	const read = { limit: 10, cursor: 0 };
	expect((await listAudit(await buildMember(database.db, owner.projectId, "admin"), read)).items).toHaveLength(3);
	await expect(listAudit(await buildMember(database.db, owner.projectId, "editor"), read)).rejects.toThrow(ForbiddenError);
	const stranger = await buildProject(database.db);
	await expect(listAudit({ ...stranger, projectId: owner.projectId }, read)).rejects.toThrow(NotFoundError);
	const anonymous = { ...buildContext(database.db, { type: "anonymous" as const }), projectId: owner.projectId };
	await expect(listAudit(anonymous, read)).rejects.toThrow(UnauthorizedError);
});
