import type { Impact, LinkedNode } from "@agentplanner/contracts";
import { sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { authorizeNode } from "../plans/authorize-plan.ts";
import { blockersOf } from "./finished.ts";
import { inOrder, readLinkedNodes } from "./linked-node.ts";
import { walkFrom } from "./read-reach.ts";

const mostShown = 20;

/**
 * What finishing the node now would let begin, and what waits until `finishAt`. By default that is its due date, or now where that
 * has passed or there is none. Throws NotFoundError.
 */
export const getImpact = async (ctx: ProjectContext, nodeId: string, finishAt: string | undefined): Promise<Impact> => {
	const node = await authorizeNode(ctx, "plans:read", nodeId);
	const finish = finishAt === undefined ? new Date(Math.max(ctx.now().getTime(), node.dueAt?.getTime() ?? 0)) : new Date(finishAt);
	const { reached, truncated } = await walkFrom(ctx, node.id, "downstream", { openOnly: true });
	const ids = reached.map((visit) => visit.nodeId);
	const nodes = await readLinkedNodes(ctx, ids);
	const delayed = inOrder(nodes, ids).filter(({ finished }) => !finished);
	const freed = await findFreed(ctx, node.id, delayed);
	const dueBefore = ({ due_at }: LinkedNode) => due_at !== null && new Date(due_at) < finish;
	const byDueDate = (one: LinkedNode, other: LinkedNode) => Date.parse(one.due_at ?? "") - Date.parse(other.due_at ?? "");
	return {
		finish_at: finish.toISOString(),
		unblocks: someOf(delayed.filter(({ id }) => freed.has(id))),
		delays: someOf(delayed),
		at_risk: someOf(delayed.filter(dueBefore).sort(byDueDate)),
		hidden_count: ids.length - nodes.size,
		truncated,
	};
};

/** Those that would wait for nothing more if the node were finished. */
const findFreed = async (ctx: ProjectContext, nodeId: string, delayed: LinkedNode[]): Promise<Set<string>> => {
	const { rows } = await ctx.db.execute<{ id: string }>(sql`
		select node.id from plan_nodes node
		where node.project_id = ${ctx.projectId} and node.id = any(${sql.param(delayed.map(({ id }) => id))}::uuid[])
			and not exists (${blockersOf("node", nodeId)})`);
	return new Set(rows.map(({ id }) => id));
};

const someOf = (nodes: LinkedNode[]): Impact["delays"] => ({ count: nodes.length, items: nodes.slice(0, mostShown) });
