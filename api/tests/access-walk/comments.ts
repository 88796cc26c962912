import { planComments } from "@agentplanner/db";
import { body, type Caller, type Lines, read, write } from "./line.ts";
import type { Scene } from "./scene.ts";

const says = body({ text: "Is it right?" });

/** A comment on the scene's node that the caller wrote, or the owner for a script of theirs. */
const ownComment = async ({ api, owner, agentId, nodeId, params }: Scene, { name, email }: Caller) => {
	const { rows } = await api.db.pool.query<{ user_id: string | null; agent_id: string }>(
		`select (select id from users where email = $1) as user_id, (select id from agents where project_id = $2 order by id desc limit 1) as agent_id`,
		[email, owner.projectId],
	);
	const ownerId = owner.actor.type === "user" ? owner.actor.userId : null;
	const [row] = await api.db.orm
		.insert(planComments)
		.values({
			...{ projectId: owner.projectId, planId: params.planId ?? "", nodeId, text: "Mine", writtenBy: name },
			writtenByUserId: rows[0]?.user_id ?? ownerId,
			writtenByAgentId: name === "token of another agent" ? (rows[0]?.agent_id ?? null) : agentId,
		})
		.returning({ id: planComments.id });
	return { params: { commentId: row?.id ?? "" } };
};

export const comments: Lines<"comments"> = {
	createNodeComment: write("editor", "comments:write", says),
	createPlanComment: write("editor", "comments:write", says),
	listNodeComments: read("activity:read"),
	listPlanComments: read("activity:read"),
	updateComment: write("editor", "comments:write", async (scene, caller) => ({
		...(await ownComment(scene, caller)),
		body: { text: "Still mine" },
	})),
	deleteComment: write("editor", "comments:write", ownComment),
	resolveComment: write("editor", "comments:write", ownComment),
	reopenComment: write("editor", "comments:write", ownComment),
};
