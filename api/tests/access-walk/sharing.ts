import { addCollaborator, createPlan, getPublicLink, type ProjectContext, setVisibility } from "@agentplanner/core";
import { buildUser } from "@agentplanner/core/testing";
import { type Lines, read, write } from "./line.ts";
import type { Scene } from "./scene.ts";
import { email } from "./values.ts";

const freshPlan = async (owner: ProjectContext) => (await createPlan(owner, { title: "Fresh", description: "" })).id;
const freshCollaborator = async ({ api, owner }: Scene) => {
	const planId = await freshPlan(owner);
	const user = await buildUser(api.db);
	await addCollaborator(owner, planId, { email: user.email, role: "viewer" });
	return { planId, userId: user.id };
};
const freshPublicPlan = async ({ owner }: Scene) => {
	const planId = await freshPlan(owner);
	await setVisibility(owner, planId, { visibility: "public" }, null);
	return planId;
};

const keyOf = async (scene: Scene) => (await getPublicLink(scene.owner, await freshPublicPlan(scene))).key ?? "";

export const sharing: Lines<"sharing"> = {
	setVisibility: write("admin", null, async ({ owner }) => ({
		params: { planId: await freshPlan(owner) },
		body: { visibility: "private" },
	})),
	listCollaborators: read("plans:read"),
	addCollaborator: write("admin", null, () => ({ body: { email: email(), role: "viewer" } })),
	changeCollaborator: write("admin", null, async (scene) => ({ params: await freshCollaborator(scene), body: { role: "editor" } })),
	removeCollaborator: write("admin", null, async (scene) => ({ params: await freshCollaborator(scene) })),
	setPlanOwner: write("admin", null, async (scene) => {
		const { planId, userId } = await freshCollaborator(scene);
		return { params: { planId }, body: { user_id: userId } };
	}),
	listPlanInvitations: write("admin", null),
	revokePlanInvitation: write("admin", null, async ({ owner }) => {
		const planId = await freshPlan(owner);
		const added = await addCollaborator(owner, planId, { email: email(), role: "viewer" });
		return { params: { planId, invitationId: added.state === "invited" ? added.invitation.id : "" } };
	}),
	getPublicLink: write("admin", null),
	renewPublicLink: write("admin", null, async (scene) => ({ params: { planId: await freshPublicPlan(scene) } })),
	readPublicPlan: { least: "anyone", scope: null, prepare: async (scene) => ({ params: { key: await keyOf(scene) } }) },
};
