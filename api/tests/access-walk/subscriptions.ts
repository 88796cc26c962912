import { randomUUID } from "node:crypto";
import { buildIntegration, buildSubscription } from "@agentplanner/core/testing";
import { type Line, type Lines, write } from "./line.ts";
import type { Scene } from "./scene.ts";

/** Of accounts, so that no call of the walk makes a delivery while another one is watched. */
const types = ["user.registered"];

/** One of its own, since most calls bring something to an end. */
const fresh = async ({ api, owner: { projectId } }: Scene, body?: unknown) => {
	const { id: integrationId } = await buildIntegration(api.db, projectId);
	return { params: { subscriptionId: (await buildSubscription(api.db, projectId, { integrationId, types })).id }, body };
};
const manage = (body?: unknown): Line => write("admin", "subscriptions:manage", (scene) => fresh(scene, body));

export const subscriptions: Lines<"subscriptions"> = {
	listSubscriptions: write("admin", "subscriptions:manage"),
	createSubscription: write("admin", "subscriptions:manage", () => ({
		body: { name: randomUUID(), url: "https://n8n.example.org/webhook/1", types },
	})),
	getSubscription: manage(),
	updateSubscription: write("admin", "subscriptions:manage", (scene) => fresh(scene, { name: randomUUID() })),
	deleteSubscription: manage(),
	enableSubscription: manage(),
	disableSubscription: manage(),
	testSubscription: manage(),
	rotateSecret: manage(),
	listSubscriptionDeliveries: manage(),
	replayEvents: manage({ from_position: 0 }),
};
