import type { ApiToken } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { readTokens } from "./queries.ts";

/** The caller's tokens in the project, revoked and expired ones too; owners and admins see everybody's. */
export const listTokens = async (ctx: ProjectContext): Promise<{ items: ApiToken[] }> => {
	await authorize(ctx, "tokens:own");
	return { items: await readTokens(ctx) };
};
