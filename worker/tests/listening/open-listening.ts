import { adapterById } from "@agentplanner/adapters";
import { createIntegration, createRequest, listIntegrations } from "@agentplanner/core";
import { buildNode, buildProject } from "@agentplanner/core/testing";
import { createTestDatabase } from "@agentplanner/db/testing";
import { onTestFinished } from "vitest";
import { startTestWorker, until, untilDelivery } from "../harness.ts";

type Platform<Message> = {
	adapter: string;
	settings: Record<string, unknown>;
	secrets: Record<string, string>;
	/** Where questions go, and the newest one there. */
	address: string;
	newest: () => Message | undefined;
};

/** A project whose integration calls its platform, which can't reach us, and a worker that listens there. */
export const openListening = async <Message>({ adapter: adapterId, settings, secrets, address, newest }: Platform<Message>) => {
	const database = await createTestDatabase();
	onTestFinished(database.drop);
	const startWorker = async () => {
		const worker = await startTestWorker(database.url);
		onTestFinished(() => worker.stop());
		return worker;
	};
	const worker = await startWorker();
	const ctx = await buildProject(database.db);
	const adapter = adapterById(adapterId);
	if (!adapter) throw new Error(`There is no adapter "${adapterId}".`);
	const { id } = await createIntegration(ctx, { adapter: adapterId, name: adapterId, settings, secrets }, adapter);
	const listening = async () => (await listIntegrations(ctx)).items[0]?.listening;
	await until(async () => (await listening())?.state === "listening");
	const ask = async () => {
		const node = await buildNode(database.db, ctx.projectId);
		const targets = [{ integration_id: id, address }];
		const request = await createRequest(ctx, { node_id: node.id, question: "Which market?", targets, answer_policy: { kind: "first" } });
		const asked = { ctx, id: request.id };
		await untilDelivery(asked, ({ status }) => status === "delivered");
		const question = newest();
		if (!question) throw new Error("The question is not there.");
		return { asked, question };
	};
	return { ctx, worker, startWorker, ask, listening };
};
