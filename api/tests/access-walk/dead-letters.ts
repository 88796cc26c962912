import { startReplay } from "@agentplanner/core";
import { buildIntegration } from "@agentplanner/core/testing";
import { eq, messageDeliveries, replayJobs } from "@agentplanner/db";
import { type Lines, list, write } from "./line.ts";
import { freshRequest, type Scene } from "./scene.ts";

/** At an integration of its own, since one replay runs for each at a time. */
const dead = async (scene: Scene, discarded = false) => {
	const { params } = await freshRequest(scene);
	const { id: integrationId } = await buildIntegration(scene.api.db, scene.owner.projectId);
	const aside = discarded ? { discardedAt: new Date(), discardedBy: "Ada", discardReason: "Old" } : {};
	await scene.api.db.orm
		.update(messageDeliveries)
		.set({ status: "dead", integrationId, ...aside })
		.where(eq(messageDeliveries.id, params.deliveryId));
	return { params, filter: { integration_id: integrationId } };
};

const replay = async (scene: Scene, state: "running" | "paused" = "running") => {
	const { filter } = await dead(scene);
	const { id } = await startReplay(scene.owner, { filter, rate_per_second: 5 });
	await scene.api.db.orm.update(replayJobs).set({ state }).where(eq(replayJobs.id, id));
	return { params: { jobId: id } };
};

const filtered = async (scene: Scene) => ({ body: { filter: (await dead(scene)).filter } });

export const deadLetters: Lines<"deadLetters"> = {
	listDeadLetters: list("deliveries:read"),
	summarizeDeadLetters: list("deliveries:read"),
	discardDeadLetters: write("editor", "deliveries:retry", async (scene) => {
		const { body } = await filtered(scene);
		return { body: { ...body, reason: "Old" } };
	}),
	discardDelivery: write("editor", "deliveries:retry", async (scene) => ({ ...(await dead(scene)), body: { reason: "Old" } })),
	restoreDelivery: write("editor", "deliveries:retry", (scene) => dead(scene, true)),
	editAndReplay: write("editor", "requests:create", async (scene) => ({ ...(await dead(scene)), body: { text: "Once more." } })),
	previewReplay: write("editor", "deliveries:retry", filtered),
	startReplay: write("editor", "deliveries:retry", filtered),
	listReplays: write("editor", "deliveries:retry"),
	getReplay: write("editor", "deliveries:retry", (scene) => replay(scene)),
	pauseReplay: write("editor", "deliveries:retry", (scene) => replay(scene)),
	resumeReplay: write("editor", "deliveries:retry", (scene) => replay(scene, "paused")),
	cancelReplay: write("editor", "deliveries:retry", (scene) => replay(scene)),
};
