import type { Role } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { assertMayHandle } from "./queries.ts";

/** Passes whoever may give somebody this role; throws ForbiddenError below admin, and for an owner's role below owner. */
export const authorizeRole = async (ctx: ProjectContext, role: Role): Promise<void> => {
	await authorize(ctx, "members:write");
	await assertMayHandle(ctx, role);
};
