import { type ChosenNode, CreateNodeInput } from "@agentplanner/contracts";
import type { Database } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { buildProject } from "../testing.ts";
import { createNode } from "./create-node.ts";
import { createPlan } from "./create-plan.ts";
import { getPlanTree } from "./get-plan-tree.ts";
import { undoPlanChange } from "./undo-plan-change.ts";

export const addNode = async (ctx: ProjectContext, planId: string, title: string, parentId: string | null) =>
	(await createNode(ctx, planId, CreateNodeInput.parse({ title, parent_id: parentId }))).id;

/** A (a1, a2, a3), B (b1), C. */
export const buildTree = async (db: Database) => {
	const owner = await buildProject(db);
	const plan = await createPlan(owner, { title: "Launch", description: "" });
	const add = (title: string, parentId: string | null) => addNode(owner, plan.id, title, parentId);
	const [A, B, C] = [await add("A", null), await add("B", null), await add("C", null)];
	const [a1, a2, a3] = [await add("a1", A), await add("a2", A), await add("a3", A)];
	return { owner, plan, A, B, C, a1, a2, a3, b1: await add("b1", B) };
};

/** What `draw` makes of it. */
export const whole = "A(a1 a2 a3) B(b1) C";

export const chosen = (...ids: string[]): ChosenNode[] => ids.map((id) => ({ id }));

/** The plan as text: `A(a1 a2) B`. */
export const draw = async (ctx: ProjectContext, planId: string) => {
	const { nodes } = await getPlanTree(ctx, planId);
	const under = (parentId: string | null): string =>
		nodes
			.filter((node) => node.parent_id === parentId)
			.map(({ id, title }) => (nodes.some((node) => node.parent_id === id) ? `${title}(${under(id)})` : title))
			.join(" ");
	return under(null);
};

export const lastChange = async (ctx: ProjectContext, planId: string) => (await getPlanTree(ctx, planId)).last_change?.id ?? "";

export const undoLast = async (ctx: ProjectContext, planId: string) => undoPlanChange(ctx, planId, await lastChange(ctx, planId));
