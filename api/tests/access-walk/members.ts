import { createInvitation } from "@agentplanner/core";
import { buildMember, buildProject, buildUser } from "@agentplanner/core/testing";
import { type Lines, read, write } from "./line.ts";
import type { Scene } from "./scene.ts";
import { email } from "./values.ts";

const freshMember = async (scene: Scene) => {
	const { actor } = await buildMember(scene.api.db, scene.owner.projectId, "viewer");
	return actor.type === "user" ? actor.userId : "";
};

export const members: Lines<"members"> = {
	listMembers: read(null),
	addMember: write("admin", null, async ({ api }) => ({
		body: { email: (await buildUser(api.db)).email, role: "viewer" },
	})),
	changeMember: write("admin", null, async (scene) => ({
		params: { userId: await freshMember(scene) },
		body: { role: "editor" },
	})),
	removeMember: write("admin", null, async (scene) => ({ params: { userId: await freshMember(scene) } })),
	createInvitation: write("admin", null, () => ({ body: { email: email(), role: "viewer" } })),
	listInvitations: write("admin", null),
	revokeInvitation: write("admin", null, async ({ owner }) => ({
		params: { invitationId: (await createInvitation(owner, { email: email(), role: "viewer" })).id },
	})),
	acceptInvitation: {
		least: "account",
		scope: null,
		prepare: async ({ api }, caller) => {
			const elsewhere = await buildProject(api.db, "Elsewhere");
			return { body: { token: (await createInvitation(elsewhere, { email: caller.email ?? email(), role: "viewer" })).token } };
		},
	},
	previewInvitation: {
		least: "anyone",
		scope: null,
		prepare: async ({ owner }) => ({ body: { token: (await createInvitation(owner, { email: email(), role: "viewer" })).token } }),
	},
};
