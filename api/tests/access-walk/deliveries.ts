import { eq, messageDeliveries, messagingIntegrations } from "@agentplanner/db";
import { type Lines, list, read, write } from "./line.ts";
import { freshRequest } from "./scene.ts";

export const deliveries: Lines<"deliveries"> = {
	listDeliveries: list("deliveries:read"),
	getDelivery: read("deliveries:read"),
	getPayload: read("deliveries:read", async (scene) => {
		const { params } = await freshRequest(scene);
		await scene.api.db.orm
			.update(messageDeliveries)
			.set({ payload: "{}", payloadBytes: 2 })
			.where(eq(messageDeliveries.id, params.deliveryId));
		return { params };
	}),
	getWords: read("deliveries:read"),
	retryDelivery: write("editor", "deliveries:retry", async (scene) => {
		const { params } = await freshRequest(scene);
		await scene.api.db.orm.update(messageDeliveries).set({ status: "dead" }).where(eq(messageDeliveries.id, params.deliveryId));
		// The walk has disabled it.
		await scene.api.db.orm.update(messagingIntegrations).set({ enabled: true }).where(eq(messagingIntegrations.id, scene.integrationId));
		return { params };
	}),
};
