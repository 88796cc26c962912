import { randomUUID } from "node:crypto";
import type { Inbound } from "@agentplanner/contracts";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { takeNotice } from "../notices/take-notice.ts";
import { cancelRequest } from "../requests/cancel-request.ts";
import { expireRequest } from "../requests/expire-request.ts";
import { askAndDispatch, attempt, buildScene, delivered, passDeadline, readResponses } from "../requests/testing.ts";
import { receiveInbound } from "./receive-inbound.ts";
import { recordResponse } from "./record-response.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const buildAsked = async (agents = 1) => {
	const scene = await buildScene(database.db, agents, { adapter: "chat" });
	const { id, deliveryIds } = await askAndDispatch(scene, { answer_policy: { kind: "all" } });
	const [deliveryId] = deliveryIds;
	await attempt(scene, deliveryId, delivered({ receipt: { platformId: `ts-${deliveryId}` } }));
	return { scene, id, deliveryId };
};
type Asked = Awaited<ReturnType<typeof buildAsked>>;

/** Says something through the chat and applies it; answers with what its author has to be told. */
const say = async ({ scene, id, deliveryId }: Asked, author: string, more: Partial<Inbound> = {}) => {
	const adapter = { ...scene.system, actor: { type: "adapter" as const, adapter: "chat", integrationId: scene.integration.id } };
	const item = {
		type: "answer",
		externalId: randomUUID(),
		deliveryId,
		text: "Yes",
		author,
		ear: { whisper_to: author },
		...more,
	} as Inbound;
	await receiveInbound(adapter, scene.integration.id, [item]);
	const response = (await readResponses(scene, id)).at(-1);
	const inboundId = await recordResponse(scene.system, response?.id ?? "");
	const notice = inboundId === null ? null : await takeNotice(scene.system, inboundId);
	return notice && { ...notice, ...notice.whisper };
};

test("who answers after somebody else hears who that was, once; the answer is kept", async () => {
	const asked = await buildAsked();
	const { scene, id } = asked;
	expect(await say(asked, "Ada")).toBeNull();
	expect(await say(asked, "Grace")).toMatchObject({
		integrationId: scene.integration.id,
		ear: { whisper_to: "Grace" },
		text: "Ada has answered this already. What you wrote is kept as a late answer.",
		link: { label: "Open the request", url: `/projects/${scene.projectId}/requests/${id}` },
	});
	expect(await say(asked, "Grace", { text: "Really" })).toBeNull();
	expect(await say(asked, "Alan")).toMatchObject({ ear: { whisper_to: "Alan" } });
	expect((await readResponses(scene, id)).map(({ outcome }) => outcome)).toEqual(["accepted", "superseded", "superseded", "superseded"]);
});

test("who had said more while it was open hears of its end all the same", async () => {
	const asked = await buildAsked(2);
	expect(await say(asked, "Ada")).toBeNull();
	expect(await say(asked, "Ada", { text: "And" })).toBeNull();
	await cancelRequest(asked.scene.owner, asked.id);
	expect(await say(asked, "Ada", { text: "Too late" })).toMatchObject({ ear: { whisper_to: "Ada" } });
	expect(await say(asked, "Ada", { text: "Once more" })).toBeNull();
});

test("in a thread too; a run that comes twice tells nobody again; who can't be told isn't", async () => {
	const asked = await buildAsked();
	const { scene, id, deliveryId } = asked;
	await say(asked, "Ada");
	const thread = { type: "thread_reply", platformId: `ts-${deliveryId}`, address: "" } as never;
	expect(await say(asked, "Grace", thread)).toMatchObject({ ear: { whisper_to: "Grace" } });
	expect(await recordResponse(scene.system, (await readResponses(scene, id)).at(-1)?.id ?? "")).toBeNull();
	expect(await say(asked, "Alan", { ear: undefined } as never)).toBeNull();
});

test("a cancelled or expired request says that it was", async () => {
	const cancelled = await buildAsked();
	await cancelRequest(cancelled.scene.owner, cancelled.id);
	expect((await say(cancelled, "Ada"))?.text).toBe("The request was cancelled. What you wrote is kept as a late answer.");
	const expired = await buildAsked();
	await passDeadline(expired.scene, expired.id);
	await expireRequest(expired.scene.system, expired.id);
	expect((await say(expired, "Ada"))?.text).toBe("The deadline has passed. What you wrote is kept as a late answer.");
});
