import type { ProjectContext } from "../context.ts";
import type { PageInput } from "../pagination.ts";
import { type DistantNodes, listDistant } from "./list-distant.ts";

/** All that has to be finished before the node can begin, the nearest first. Throws NotFoundError. */
export const listUpstream = (ctx: ProjectContext, nodeId: string, query: PageInput): Promise<DistantNodes> =>
	listDistant(ctx, nodeId, "upstream", query);
