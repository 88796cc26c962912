import type { Assignee, AssignmentList, PlanNode } from "@agentplanner/contracts";
import { MultiSelect } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { describeError } from "../../lib/problems.ts";
import { agentsQuery } from "../../queries/agents.ts";
import { nodeAssignmentsQuery, planAssignmentsQuery, setNodeAssignments } from "../../queries/assignments.ts";
import { usePeople } from "../../queries/people.ts";
import { useMay, useMayInPlan } from "../../queries/rights.ts";

const keyOf = ({ user_id, agent_id }: { user_id: string | null; agent_id: string | null }) =>
	user_id === null ? `agent:${agent_id}` : `user:${user_id}`;

const assigneeOf = (value: string): Assignee => {
	const [kind, id = ""] = value.split(":");
	return kind === "agent" ? { agent_id: id } : { user_id: id };
};

/** Members and agents that a node is meant for. */
export const NodeAssignees = ({ node }: { node: PlanNode }) => {
	const list = useQuery(nodeAssignmentsQuery(node.project_id, node.id));
	const mayWrite = useMayInPlan(node.project_id, node.plan_id)("plans:write");
	if (list.isPending) return <LoadingRows rows={1} />;
	if (list.data === undefined) return <LoadError error={list.error} retry={() => void list.refetch()} />;
	if (mayWrite) return <AssigneesField node={node} list={list.data} />;
	return (
		<p className="small" style={{ margin: 0 }}>
			{list.data.items.length === 0 ? <span className="dim">Nobody is assigned.</span> : list.data.items.map(({ name }) => name).join(", ")}
		</p>
	);
};

/** Also those who are assigned and whom a guest doesn't see otherwise. */
const choicesOf = (kind: "agent" | "user", known: { id: string; name: string }[], { items }: AssignmentList) => {
	const names = new Map(known.map(({ id, name }) => [`${kind}:${id}`, name]));
	for (const item of items) if (keyOf(item).startsWith(kind)) names.set(keyOf(item), item.name);
	return [...names].map(([value, label]) => ({ value, label }));
};

const AssigneesField = ({ node, list }: { node: PlanNode; list: AssignmentList }) => {
	const { project_id: projectId, plan_id: planId, id } = node;
	const client = useQueryClient();
	const people = usePeople(projectId, planId);
	const seesAgents = useMay(projectId)("agents:read");
	const agents = useQuery({ ...agentsQuery(projectId), enabled: seesAgents }).data?.items ?? [];
	const { queryKey } = nodeAssignmentsQuery(projectId, id);
	const save = useMutation({
		mutationFn: (values: string[]) => setNodeAssignments(projectId, id, list.version, values.map(assigneeOf)),
		onSuccess: (saved) => {
			client.setQueryData(queryKey, saved);
			return client.invalidateQueries({ queryKey: planAssignmentsQuery(projectId, planId).queryKey });
		},
		// Somebody else may have been quicker: show what stands.
		onError: () => client.invalidateQueries({ queryKey }),
	});
	const kept = list.items.map(keyOf);
	return (
		<MultiSelect
			aria-label="Assigned to"
			placeholder={kept.length === 0 && !save.isPending ? "Assign people and agents" : ""}
			searchable
			maxValues={20}
			nothingFoundMessage="Nobody of that name"
			value={save.isPending ? save.variables : kept}
			onChange={(values) => {
				if (!save.isPending) save.mutate(values);
			}}
			error={save.error === null ? null : describeError(save.error).detail}
			data={[
				{ group: "Agents", items: choicesOf("agent", agents, list) },
				{ group: "People", items: choicesOf("user", people, list) },
			]}
		/>
	);
};
