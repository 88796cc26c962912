import { claimNode } from "@agentplanner/core";
import { buildNode } from "@agentplanner/core/testing";
import { eq, nodeClaims, users } from "@agentplanner/db";
import { type Caller, type Lines, list, write } from "./line.ts";
import type { Scene } from "./scene.ts";

const freshNode = async ({ api, owner, params: { planId = "" } }: Scene) => {
	const { id } = await buildNode(api.db, owner.projectId, { planId, position: "a6" });
	return { params: { nodeId: id } };
};

/** A claim that the caller holds: their scripts' tokens are the owner's. */
const freshClaim = async (scene: Scene, { email, agentId }: Caller) => {
	const { params } = await freshNode(scene);
	const { id } = await claimNode(scene.owner, params.nodeId, { lease_seconds: 300 });
	const db = scene.api.db.orm;
	if (agentId !== undefined) await db.update(nodeClaims).set({ agentId, userId: null }).where(eq(nodeClaims.id, id));
	else if (email !== null) {
		const [user] = await db.select().from(users).where(eq(users.email, email));
		await db.update(nodeClaims).set({ userId: user?.id }).where(eq(nodeClaims.id, id));
	}
	return { params: { ...params, claimId: id } };
};

export const claims: Lines<"claims"> = {
	claimNode: write("editor", "plans:work", async (scene) => ({ ...(await freshNode(scene)), body: {} })),
	claimNext: write("editor", "plans:work", ({ params: { planId } }) => ({ body: { plan_id: planId } })),
	listClaims: list("plans:read"),
	renewClaim: write("editor", "plans:work", async (scene, caller) => ({ ...(await freshClaim(scene, caller)), body: {} })),
	releaseClaim: write("editor", "plans:work", freshClaim),
	breakClaim: write("editor", null, freshClaim),
};
