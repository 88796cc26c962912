import type { Integration } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { presentIntegration } from "./present.ts";
import { loadIntegration } from "./queries.ts";

/** One channel; of its secrets only the names. Throws NotFoundError. */
export const getIntegration = async (ctx: ProjectContext, integrationId: string): Promise<Integration> => {
	await authorize(ctx, "integrations:read");
	return presentIntegration(await loadIntegration(ctx, integrationId));
};
