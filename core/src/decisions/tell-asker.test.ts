import { randomUUID } from "node:crypto";
import { eq, planCollaborators, plans } from "@agentplanner/db";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildScene, timersOf } from "../requests/testing.ts";
import { buildIntegration, userIdOf } from "../testing.ts";
import { linkAccount } from "../users/link-account.ts";
import { cancelDecision } from "./cancel-decision.ts";
import { decide } from "./decide.ts";
import { expireDecision } from "./expire-decision.ts";
import { buildEditor, inAnHour, messagesOf, passExpiry, requestDecision } from "./testing.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

describe("a person who asked", () => {
	/** An editor who has linked an account on a platform of the project. */
	const buildAsker = async () => {
		const scene = await buildScene(database.db);
		const account = { adapter: "chat", externalAccount: randomUUID() };
		const chat = await buildIntegration(database.db, scene.projectId, undefined, account);
		const { ctx: asker } = await buildEditor(scene);
		await linkAccount(asker, { provider: "chat", externalAccount: account.externalAccount, externalUserId: "P1", name: "Ed" });
		return { scene, chat, asker };
	};

	test.each([
		{ option_id: "approve", comment: "" },
		{ option_id: "reject", comment: "Too early." },
		{ option_id: "revise", comment: "Shorter, please." },
	])("hears “$option_id” with its comment by the account that they linked", async (choice) => {
		const { scene, chat, asker } = await buildAsker();
		const { id, node, plan } = await requestDecision(scene, {}, asker);
		await decide(scene.owner, id, choice);
		const [message, ...more] = await messagesOf(scene, id);
		expect(more).toEqual([]);
		expect(message).toMatchObject({
			...{ kind: "decision_outcome", status: "queued", integrationId: chat.id, address: "@P1", agentRequestId: null, agentId: null },
			content: {
				...{ agent_request_id: null, status: "decided", option: { id: choice.option_id }, comment: choice.comment },
				...{ closed_by: "owner", question: "Publish it?", node, plan },
			},
		});
		expect(await timersOf(scene, message?.id ?? "")).toMatchObject([{ type: "message.delivery.due" }]);
	});

	test("hears that its deadline has passed, and that somebody withdrew it", async () => {
		const { scene, asker } = await buildAsker();
		const expiring = await requestDecision(scene, { expires_at: inAnHour(), on_expiry: "reject" }, asker);
		await passExpiry(scene, expiring.id);
		await expireDecision(scene.system, expiring.id);
		const withdrawn = await requestDecision(scene, {}, asker);
		await cancelDecision(scene.owner, withdrawn.id);
		expect(await messagesOf(scene, expiring.id)).toMatchObject([
			{ content: { status: "expired", option: { id: "reject" }, closed_by: null } },
		]);
		expect(await messagesOf(scene, withdrawn.id)).toMatchObject([{ content: { status: "cancelled", option: null, closed_by: "owner" } }]);
	});

	test("isn't told what they did themselves", async () => {
		const { scene, asker } = await buildAsker();
		const { id } = await requestDecision(scene, {}, asker);
		await decide(asker, id, { option_id: "approve", comment: "" });
		expect(await messagesOf(scene, id)).toEqual([]);
	});

	test("isn't told once they don't see the plan any more", async () => {
		const { scene, asker } = await buildAsker();
		const { id, plan } = await requestDecision(scene, {}, asker);
		const { id: shared } = await requestDecision(scene, {}, asker);
		await database.db.orm.update(plans).set({ visibility: "private" }).where(eq(plans.id, plan.id));
		await decide(scene.owner, id, { option_id: "approve", comment: "" });
		expect(await messagesOf(scene, id)).toEqual([]);
		const { projectId } = scene;
		await database.db.orm.insert(planCollaborators).values({ projectId, planId: plan.id, userId: userIdOf(asker), role: "viewer" });
		await decide(scene.owner, shared, { option_id: "approve", comment: "" });
		expect(await messagesOf(scene, shared)).toMatchObject([{ kind: "decision_outcome" }]);
	});

	test("reads it here where they have linked no account", async () => {
		const scene = await buildScene(database.db);
		const { ctx: asker } = await buildEditor(scene);
		const { id } = await requestDecision(scene, {}, asker);
		await decide(scene.owner, id, { option_id: "approve", comment: "" });
		expect(await messagesOf(scene, id)).toEqual([]);
	});
});
