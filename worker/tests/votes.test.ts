import { randomUUID } from "node:crypto";
import { type Connection, CreateDecisionInput, type Inbound } from "@agentplanner/contracts";
import { createDecision, findViolations, getDecision, type ProjectContext, receiveInbound } from "@agentplanner/core";
import { buildContext, buildIntegration, buildNode, buildProject } from "@agentplanner/core/testing";
import { inboundEvents } from "@agentplanner/db";
import type { RunContext, WakeInput } from "@agentplanner/engine";
import { expect, test } from "vitest";
import type { House } from "../src/house.ts";
import { tellPerson } from "../src/workflows/tell-person.ts";
import { silent, startReceiver, until, useWorker } from "./harness.ts";

const database = useWorker();

/** A decision of which a channel is told, and somebody there who presses. */
const buildPressed = async (url: string) => {
	const { db } = database();
	const ctx: ProjectContext = await buildProject(db);
	const integration = await buildIntegration(db, ctx.projectId, url, { externalAccount: randomUUID() });
	const node = await buildNode(db, ctx.projectId);
	const input = { node_id: node.id, question: "Publish it?", notify: [{ integration_id: integration.id }] };
	const { id } = await createDecision(ctx, CreateDecisionInput.parse(input));
	const delivery = await until(async () => (await getDecision(ctx, id)).deliveries.find(({ status }) => status === "delivered"));
	const actor = { type: "adapter" as const, adapter: "webhook", integrationId: integration.id };
	const press = async () => {
		const person = { id: "U1", name: "Grace H." };
		const vote: Inbound = {
			type: "decision",
			externalId: randomUUID(),
			deliveryId: delivery.id,
			option: "approve",
			comment: "",
			person,
			ear: { token: "t" },
		};
		await receiveInbound({ ...ctx, actor }, integration.id, [vote]);
		const { rows } = await db.pool.query("select id from inbound_events where external_id = $1", [vote.externalId]);
		return rows[0].id as string;
	};
	return { ctx, integration, id, press };
};

const dataOf = async (voteId: string) =>
	(await database().db.pool.query("select data from inbound_events where id = $1", [voteId])).rows[0].data as Record<string, unknown>;

test("somebody unlinked changes nothing, and what was left for them is taken, whether or not the channel can whisper", async () => {
	const receiver = await startReceiver(() => ({ status: 204 }));
	const { ctx, id, press } = await buildPressed(receiver.url);
	const voteId = await press();
	await until(async () => !("ear" in (await dataOf(voteId))));
	expect(await dataOf(voteId)).not.toHaveProperty("notice");
	expect((await getDecision(ctx, id)).decision.status).toBe("pending");
	expect(await findViolations(ctx)).toEqual([]);
});

/** A notice that waits at an integration whose channel whispers like that. */
const buildNotice = async (tell: Connection["tell"]) => {
	const { db } = database();
	const ctx: ProjectContext = { ...(await buildProject(db)), actor: buildContext(db).actor };
	const { id: integrationId } = await buildIntegration(db, ctx.projectId, undefined, { externalAccount: randomUUID() });
	const items = [{ title: "Publish it?", about: "Decision on Launch", due: null, path: "/projects/1" }];
	const data = { ear: { token: "t" }, person: { id: "U1", name: "Grace" }, notice: { text: "Not recorded.", items, link: "account" } };
	const row = { projectId: ctx.projectId, integrationId, externalId: randomUUID(), type: "decision", data };
	const [event] = await db.orm.insert(inboundEvents).values(row).returning();
	const connection = { tell, close: async () => {} } as Connection;
	const connections = { open: async () => ({ adapter: { id: "chat" }, connection }) } as unknown as House["connections"];
	const house = { context: ctx, connections, publicUrl: "https://planner.example.org", log: silent } as unknown as House;
	const input: WakeInput = { wakeId: "w", projectId: ctx.projectId, subjectId: event?.id ?? "", data: {} };
	const run = { signal: new AbortController().signal, metadata: {} } as RunContext;
	return { integrationId, tell: () => tellPerson(house).steps[0]?.run(input, run, {}) };
};

test("a person is told once, with links to our pages", async () => {
	const heard: unknown[] = [];
	const { tell } = await buildNotice(async (ear, whisper) => void heard.push([ear, whisper]));
	expect(await Promise.all([tell(), tell()])).toContainEqual({ told: true });
	expect(heard).toEqual([
		[
			{ token: "t" },
			{
				text: "Not recorded.",
				items: [{ title: "Publish it?", about: "Decision on Launch", due: null, url: "https://planner.example.org/projects/1" }],
				link: { label: "Link your account", url: expect.stringMatching(/^https:\/\/planner\.example\.org\/link-account#ey/) },
			},
		],
	]);
});

test("a channel that can't whisper, refuses to, or is disabled by now breaks nothing", async () => {
	expect(await (await buildNotice(undefined)).tell()).toEqual({ told: false });
	const refusing = await buildNotice(() => Promise.reject(new Error("refused")));
	expect(await refusing.tell()).toEqual({ told: false });
	const disabled = await buildNotice(() => Promise.reject(new Error("called")));
	await database().db.pool.query("update messaging_integrations set enabled = false where id = $1", [disabled.integrationId]);
	expect(await disabled.tell()).toEqual({ told: false });
});
