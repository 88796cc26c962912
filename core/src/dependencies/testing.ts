import { type Database, eq, planNodes } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { buildNode } from "../testing.ts";
import { addDependency } from "./add-dependency.ts";

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
