import type { NodeRelation, PlanNode } from "@agentplanner/contracts";
import { Modal, SegmentedControl, Select, Stack, TextInput, UnstyledButton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorNotice } from "../../components/notice.tsx";
import { LoadError, LoadingRows } from "../../components/states.tsx";
import { nodeStatusLooks, StatusIcon } from "../../components/status.tsx";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { addDependency, nodeDependenciesQuery, refreshDependencies } from "../../queries/dependencies.ts";
import { plansQuery, planTreeQuery } from "../../queries/plans.ts";

const relations: { value: NodeRelation; label: string }[] = [
	{ value: "blocked_by", label: "Waits for" },
	{ value: "blocks", label: "Blocks" },
	{ value: "relates_to", label: "Is related to" },
];

/** More are found by searching. */
const mostShown = 100;

/** Choose how a node stands to another one, and that one by name, in any plan of the project. */
export const LinkNodeModal = ({ node, onClose }: { node: PlanNode; onClose: () => void }) => {
	const client = useQueryClient();
	const phone = useMediaQuery("(max-width: 48em)");
	const [relation, setRelation] = useState<NodeRelation>("blocked_by");
	const [planId, setPlanId] = useState(node.plan_id);
	const [search, setSearch] = useState("");
	const [keys] = useState(createSubmissionKeys);
	const plans = useQuery(plansQuery(node.project_id));
	const tree = useQuery(planTreeQuery(node.project_id, planId));
	const linked = useQuery(nodeDependenciesQuery(node.project_id, node.id));
	const add = useMutation({
		mutationFn: (nodeId: string) => {
			const body = { relation, node_id: nodeId };
			return addDependency(node.project_id, node.id, body, keys.keyFor(body));
		},
		onSuccess: async () => {
			keys.done();
			await refreshDependencies(client, node);
			onClose();
		},
	});
	const wanted = search.trim().toLowerCase();
	const found = (tree.data?.nodes ?? []).filter(({ id, title }) => id !== node.id && title.toLowerCase().includes(wanted));
	const isLinked = (id: string) => linked.data?.items.some((item) => item.relation === relation && item.node.id === id) ?? false;
	return (
		<Modal
			opened
			onClose={onClose}
			size={520}
			fullScreen={phone}
			title={<span className="move-title">“{node.title}”…</span>}
			closeButtonProps={{ "aria-label": "Close" }}
		>
			<Stack gap="sm">
				<SegmentedControl
					aria-label="How they are linked"
					fullWidth
					data={relations}
					value={relation}
					onChange={(value) => {
						add.reset();
						setRelation(value as NodeRelation);
					}}
				/>
				<Select
					label="Plan"
					data={(plans.data?.items ?? []).map(({ id, title }) => ({ value: id, label: title }))}
					value={planId}
					onChange={(value) => value !== null && setPlanId(value)}
					allowDeselect={false}
					searchable
				/>
				<TextInput
					data-autofocus
					aria-label="Search for a node"
					placeholder="Search"
					leftSection={<IconSearch size={15} aria-hidden />}
					value={search}
					onChange={(event) => setSearch(event.currentTarget.value)}
				/>
				{add.error !== null && <ErrorNotice error={add.error} />}
				{tree.isPending && <LoadingRows rows={4} />}
				{tree.isError && <LoadError error={tree.error} retry={() => void tree.refetch()} />}
				<ul className="link-node-list">
					{found.slice(0, mostShown).map(({ id, title, status }) => (
						<li key={id}>
							<UnstyledButton className="link-node" disabled={isLinked(id) || add.isPending} onClick={() => add.mutate(id)}>
								<span className={`tone-icon tone-${nodeStatusLooks[status].tone}`} title={nodeStatusLooks[status].label}>
									<StatusIcon look={nodeStatusLooks[status]} size={15} />
								</span>
								<span className="truncate">{title}</span>
								{isLinked(id) && <span className="tiny dim">linked already</span>}
							</UnstyledButton>
						</li>
					))}
				</ul>
				{tree.data !== undefined && found.length === 0 && <p className="dim small">No other node of this plan is called that.</p>}
				{found.length > mostShown && <p className="dim tiny">{found.length - mostShown} more: search for them by name.</p>}
			</Stack>
		</Modal>
	);
};
