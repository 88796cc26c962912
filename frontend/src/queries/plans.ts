import type {
	CreateNodeInput,
	CreatePlanInput,
	DeleteNodesInput,
	DuplicatePlanInput,
	MoveNodeInput,
	MoveNodesInput,
	NodeStatus,
	Plan,
	PlanNode,
	PlanStatus,
	PlanTree,
	SetNodeStatusesInput,
	UpdateNodeInput,
	UpdatePlanInput,
} from "@agentplanner/contracts";
import { infiniteQueryOptions, type QueryClient, replaceEqualDeep } from "@tanstack/react-query";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

export const plansQuery = (projectId: string) =>
	apiQueries.plans.listPlans.queryOptions({ input: { params: { projectId }, query: { limit: 200 }, headers: {} } });

/** All of them, page by page; `deleted`: those in the bin instead. */
export const planPagesQuery = (projectId: string, { status, deleted = false }: { status?: PlanStatus | undefined; deleted?: boolean }) =>
	infiniteQueryOptions(
		apiQueries.plans.listPlans.infiniteOptions({
			input: (cursor: string | undefined) => ({
				params: { projectId },
				query: {
					limit: 40,
					...(deleted ? { deleted: "true" } : {}),
					...(status === undefined ? {} : { status }),
					...(cursor === undefined ? {} : { cursor }),
				},
				headers: {},
			}),
			initialPageParam: undefined as string | undefined,
			getNextPageParam: (page) => page.next_cursor ?? undefined,
		}),
	);

/** Every list of plans, to be read again. */
export const plansKey = (projectId: string) => apiQueries.plans.listPlans.key({ input: { params: { projectId } } });

export const planTreeQuery = (projectId: string, planId: string) =>
	apiQueries.plans.getPlanTree.queryOptions({ input: { params: { projectId, planId }, ...nothing } });

export const nodeQuery = (projectId: string, nodeId: string) =>
	apiQueries.plans.getNode.queryOptions({
		input: { params: { projectId, nodeId }, ...nothing },
		// A read that began before a save may end after it.
		structuralSharing: (known, read) => newerNode(known as PlanNode | undefined, read as PlanNode),
	});

const newerNode = (known: PlanNode | undefined, read: PlanNode): PlanNode =>
	known !== undefined && known.version > read.version ? known : replaceEqualDeep(known, read);

export const createPlan = (projectId: string, body: CreatePlanInput, idempotencyKey: string) =>
	api.plans.createPlan({ params: { projectId }, query: {}, headers: { "idempotency-key": idempotencyKey }, body });

type PlanKey = Pick<Plan, "id" | "project_id">;
const planParams = ({ id, project_id }: PlanKey) => ({ projectId: project_id, planId: id });

/** `If-Match` names the version that the editor saw. */
const seen = (version: number) => ({ "if-match": `"${version}"` });

export const updatePlan = (projectId: string, planId: string, version: number, body: UpdatePlanInput) =>
	api.plans.updatePlan({ params: { projectId, planId }, query: {}, headers: seen(version), body });

export const duplicatePlan = (plan: PlanKey, body: DuplicatePlanInput, idempotencyKey: string) =>
	api.plans.duplicatePlan({
		params: planParams(plan),
		query: {},
		headers: { "idempotency-key": idempotencyKey },
		body,
	});

export const deletePlan = (plan: PlanKey & Pick<Plan, "version">) =>
	api.plans.deletePlan({ params: planParams(plan), query: {}, headers: seen(plan.version) });

export const restorePlan = (plan: PlanKey) => api.plans.restorePlan({ params: planParams(plan), ...nothing });

/** Shows a plan as it was saved, and reads the lists again. */
export const showPlan = (client: QueryClient, plan: Plan): Promise<void> => {
	client.setQueryData<PlanTree>(planTreeQuery(plan.project_id, plan.id).queryKey, (tree) => tree && { ...tree, plan });
	return client.invalidateQueries({ queryKey: plansKey(plan.project_id) });
};

/** Reads a plan again where it is shown. */
export const refreshPlan = (client: QueryClient, { id, project_id }: PlanKey): Promise<unknown> =>
	Promise.all([plansKey(project_id), planTreeQuery(project_id, id).queryKey].map((queryKey) => client.invalidateQueries({ queryKey })));

export const createNode = (
	projectId: string,
	planId: string,
	body: Partial<CreateNodeInput> & Pick<CreateNodeInput, "title">,
	idempotencyKey: string,
) => api.plans.createNode({ params: { projectId, planId }, query: {}, headers: { "idempotency-key": idempotencyKey }, body });

/** Which node, and as the editor saw it. */
type SeenNode = Pick<PlanNode, "id" | "project_id" | "version">;

export const updateNode = (node: SeenNode, body: UpdateNodeInput) =>
	api.plans.updateNode({ params: { projectId: node.project_id, nodeId: node.id }, query: {}, headers: seen(node.version), body });

export const setNodeStatus = (node: SeenNode, status: NodeStatus) =>
	api.plans.setNodeStatus({
		params: { projectId: node.project_id, nodeId: node.id },
		query: {},
		headers: seen(node.version),
		body: { status },
	});

export const moveNode = (node: SeenNode, place: MoveNodeInput) =>
	api.plans.moveNode({ params: { projectId: node.project_id, nodeId: node.id }, query: {}, headers: seen(node.version), body: place });

export const setNodeStatuses = (plan: PlanKey, body: SetNodeStatusesInput) =>
	api.nodes.setNodeStatuses({ params: planParams(plan), ...nothing, body });

export const moveNodes = (plan: PlanKey, body: MoveNodesInput) => api.nodes.moveNodes({ params: planParams(plan), ...nothing, body });

export const deleteNodes = (plan: PlanKey, body: DeleteNodesInput) => api.nodes.deleteNodes({ params: planParams(plan), ...nothing, body });

export const undoPlanChange = (plan: PlanKey, changeId: string) =>
	api.nodes.undoPlanChange({ params: { ...planParams(plan), changeId }, ...nothing });

export const deletedNodesQuery = (projectId: string, planId: string) =>
	infiniteQueryOptions(
		apiQueries.nodes.listDeletedNodes.infiniteOptions({
			input: (cursor: string | undefined) => ({
				params: { projectId, planId },
				query: { limit: 50, ...(cursor === undefined ? {} : { cursor }) },
				headers: {},
			}),
			initialPageParam: undefined as string | undefined,
			getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
		}),
	);

export const restoreNode = (projectId: string, nodeId: string) => api.nodes.restoreNode({ params: { projectId, nodeId }, ...nothing });

/** Shows a saved node at once, without waiting for the socket. An older copy never replaces a newer one. */
export const showNode = (client: QueryClient, node: PlanNode): void => {
	client.setQueryData<PlanNode>(nodeQuery(node.project_id, node.id).queryKey, (known) =>
		known === undefined || known.version <= node.version ? node : known,
	);
	const { description, context, agent_instructions, acceptance_criteria, created_at, updated_at, ...summary } = node;
	client.setQueryData<PlanTree>(planTreeQuery(node.project_id, node.plan_id).queryKey, (tree) => {
		if (tree === undefined) return tree;
		const known = tree.nodes.some((other) => other.id === node.id);
		const nodes = known
			? tree.nodes.map((other) => (other.id === node.id && other.version <= node.version ? { ...other, ...summary } : other))
			: [...tree.nodes, { ...summary, progress: null }];
		return { ...tree, nodes };
	});
};
