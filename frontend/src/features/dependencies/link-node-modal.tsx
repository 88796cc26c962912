import type { NodeRelation, PlanNode } from "@agentplanner/contracts";
import { Modal, SegmentedControl, Stack } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { NodePicker } from "../../components/node-picker.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { createSubmissionKeys } from "../../lib/submission-keys.ts";
import { addDependency, nodeDependenciesQuery, refreshDependencies } from "../../queries/dependencies.ts";

const relations: { value: NodeRelation; label: string }[] = [
	{ value: "blocked_by", label: "Waits for" },
	{ value: "blocks", label: "Blocks" },
	{ value: "relates_to", label: "Is related to" },
];

/** Choose how a node stands to another one, and that one by name, in any plan of the project. */
export const LinkNodeModal = ({ node, onClose }: { node: PlanNode; onClose: () => void }) => {
	const client = useQueryClient();
	const phone = useMediaQuery("(max-width: 48em)");
	const [relation, setRelation] = useState<NodeRelation>("blocked_by");
	const [planId, setPlanId] = useState(node.plan_id);
	const [keys] = useState(createSubmissionKeys);
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
	const isLinked = (id: string | null) => linked.data?.items.some((item) => item.relation === relation && item.node.id === id) ?? false;
	return (
		<Modal
			opened
			onClose={onClose}
			size={520}
			fullScreen={phone}
			title={<span className="wrap">“{node.title}”…</span>}
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
				{add.error !== null && <ErrorNotice error={add.error} />}
				<NodePicker
					projectId={node.project_id}
					planId={planId}
					onPlan={setPlanId}
					exceptLineOf={node.id}
					isLinked={isLinked}
					busy={add.isPending}
					onChoose={(nodeId) => nodeId !== null && add.mutate(nodeId)}
				/>
			</Stack>
		</Modal>
	);
};
