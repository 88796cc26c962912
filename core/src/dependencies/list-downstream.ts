import type { ProjectContext } from "../context.ts";
import type { PageInput } from "../pagination.ts";
import { type DistantNodes, listDistant } from "./list-distant.ts";

/** All that can't begin before the node is finished, the nearest first. Throws NotFoundError. */
export const listDownstream = (ctx: ProjectContext, nodeId: string, query: PageInput): Promise<DistantNodes> =>
	listDistant(ctx, nodeId, "downstream", query);
