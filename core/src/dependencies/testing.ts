import { asc, type Database, eq, events, inArray, planNodeDependencies, planNodes, plans } from "@agentplanner/db";
import { expect } from "vitest";
import type { ProjectContext } from "../context.ts";
import { buildNode } from "../testing.ts";
import { addDependency } from "./add-dependency.ts";
import { getReadiness } from "./get-readiness.ts";

/**
 * For tests: a plan from its text, `"P(a b) c"`, with nodes named so (capitals are phases, the others tasks), and dependencies
 * `"a>b"`: a blocks b.
 */
export const buildPlan = async (db: Database, owner: ProjectContext, tree: string, blocks: string[] = []) => {
	const ids = new Map<string, string>();
	const above: (string | null)[] = [null];
	let last: string | null = null;
	let planId: string | undefined;
	for (const [index, token] of (tree.match(/\w+|[()]/g) ?? []).entries()) {
		if (token === "(") above.push(last);
		else if (token === ")") above.pop();
		else {
			const node = await buildNode(db, owner.projectId, {
				...(planId === undefined ? {} : { planId }),
				title: token,
				kind: /^[A-Z]/.test(token) ? "phase" : "task",
				parentId: above.at(-1) ?? null,
				position: `b${String(index).padStart(2, "0")}`,
			});
			planId = node.planId;
			ids.set(token, node.id);
			last = node.id;
		}
	}
	const id = (name: string) => ids.get(name) ?? "";
	const block = (edge: string) => {
		const [upstream = "", downstream = ""] = edge.split(">");
		return addDependency(owner, id(downstream), { relation: "blocked_by", node_id: id(upstream) });
	};
	for (const edge of blocks) await block(edge);
	const nodeOf = async (name: string) => {
		const [node] = await db.orm
			.select()
			.from(planNodes)
			.where(eq(planNodes.id, id(name)));
		if (node === undefined) throw new Error(`There is no node ${name}.`);
		return node;
	};
	return { planId: planId ?? "", id, block, nodeOf };
};

/** For tests: what a node waits for, by title, and in brackets which node above it is the one that waits. */
export const waitingFor = async (ctx: ProjectContext, nodeId: string) => {
	const { ready, waiting_for } = await getReadiness(ctx, nodeId);
	expect(ready).toBe(waiting_for.length === 0);
	return waiting_for.map(({ node, through }) => (through === null ? node.title : `${node.title} (${through.title})`));
};

/** For tests: the events of nodes that are about waiting, oldest first. */
export const eventsOf = async ({ db }: ProjectContext, ...nodeIds: string[]) =>
	(
		await db
			.select({ type: events.type, subjectId: events.subjectId, data: events.data })
			.from(events)
			.where(inArray(events.subjectId, nodeIds))
			.orderBy(asc(events.id))
	).filter(({ type }) => type.startsWith("node.dependency.") || type === "node.unblocked");

export const countDependencies = ({ db, projectId }: ProjectContext) =>
	db.$count(planNodeDependencies, eq(planNodeDependencies.projectId, projectId));

/** For tests: from then on only the plan's owner, its collaborators and the project's admins see it. */
export const hide = ({ db }: ProjectContext, planId: string) => db.update(plans).set({ visibility: "private" }).where(eq(plans.id, planId));
