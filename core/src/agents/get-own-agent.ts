import type { Agent } from "@agentplanner/contracts";
import type { ProjectContext } from "../context.ts";
import { authorizeAgent } from "./authorize-agent.ts";
import { presentAgent } from "./present.ts";
import { loadAgent } from "./queries.ts";

/** The agent whose token is used. Throws ForbiddenError for anybody but an agent with its own token. */
export const getOwnAgent = async (ctx: ProjectContext): Promise<Agent> => presentAgent(await loadAgent(ctx, authorizeAgent(ctx)));
