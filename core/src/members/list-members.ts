import type { Member } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { presentMember } from "./present.ts";
import { readMembers } from "./queries.ts";

/** A project's members by name. */
export const listMembers = async (ctx: ProjectContext): Promise<{ items: Member[] }> => {
	await authorize(ctx, "members:read");
	return { items: (await readMembers(ctx)).map(presentMember) };
};
