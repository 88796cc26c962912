import type { Agent, CreateAgentInput } from "@agentplanner/contracts";
import { agents } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { presentAgent } from "./present.ts";
import { refuseDuplicateName } from "./queries.ts";

/** Adds an agent, as yet without routes. Throws ForbiddenError below editor and ConflictError for a name that is taken. */
export const createAgent = async (ctx: ProjectContext, input: CreateAgentInput): Promise<Agent> => {
	await authorize(ctx, "agents:write");
	return inTransaction(ctx, async (tx) => {
		const [agent] = await tx.db
			.insert(agents)
			.values({ projectId: ctx.projectId, ...input })
			.returning()
			.catch(refuseDuplicateName);
		if (!agent) throw new Error("The insert returned no agent.");
		emit(tx, { type: "agent.created", subjectId: agent.id, data: { name: agent.name } });
		return presentAgent({ agent, lastSeenAt: null, intervalSeconds: null, presence: null });
	});
};
