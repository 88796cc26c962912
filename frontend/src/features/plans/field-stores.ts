import type { Plan, PlanNode } from "@agentplanner/contracts";
import type { QueryClient } from "@tanstack/react-query";
import { nodeQuery, planTreeQuery, showNode, showPlan, updateNode, updatePlan } from "../../queries/plans.ts";

export type EditableField =
	| "title"
	| "description"
	| "context"
	| "labels"
	| "task_mode"
	| "agent_instructions"
	| "acceptance_criteria"
	| "due_at"
	| "kind";

type Key = Pick<PlanNode, "id" | "project_id" | "plan_id" | "version">;

/** What has the field, as its editor saw it: a node, or a plan where it has the same field. */
export type Holder<Field extends EditableField> = Pick<PlanNode, Field | keyof Key>;

/** How holders of a field are read and saved; both show at once what they answer with. */
export type FieldStore<Field extends EditableField> = {
	known(client: QueryClient, key: Key): Holder<Field> | undefined;
	read(client: QueryClient, key: Key): Promise<Holder<Field>>;
	/** Refused when the holder is no longer at the key's version. */
	save(client: QueryClient, key: Key, change: Pick<PlanNode, Field>): Promise<Holder<Field>>;
};

export const nodeStore: FieldStore<EditableField> = {
	known: (client, { id, project_id }) => client.getQueryData(nodeQuery(project_id, id).queryKey),
	read: async (client, { id, project_id }) => {
		const fresh = await client.fetchQuery({ ...nodeQuery(project_id, id), staleTime: 0 });
		showNode(client, fresh);
		return fresh;
	},
	save: async (client, key, change) => {
		const saved = await updateNode(key, change);
		showNode(client, saved);
		return saved;
	},
};

/** A plan as what has fields: it stands in itself. */
export const holderOf = (plan: Plan): Holder<"description"> => ({ ...plan, plan_id: plan.id });

export const planStore: FieldStore<"description"> = {
	known: (client, { id, project_id }) => {
		const tree = client.getQueryData(planTreeQuery(project_id, id).queryKey);
		return tree && holderOf(tree.plan);
	},
	read: async (client, { id, project_id }) => holderOf((await client.fetchQuery({ ...planTreeQuery(project_id, id), staleTime: 0 })).plan),
	save: async (client, { id, project_id, version }, change) => {
		const saved = await updatePlan(project_id, id, version, change);
		void showPlan(client, saved);
		return holderOf(saved);
	},
};
