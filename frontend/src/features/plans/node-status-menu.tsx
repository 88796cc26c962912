import type { NodeStatus, NodeSummary } from "@agentplanner/contracts";
import { Menu, UnstyledButton } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ComponentProps } from "react";
import { nodeStatusLooks, StatusBadge } from "../../components/status.tsx";
import { StatusItems } from "../../components/status-items.tsx";
import { isProblem } from "../../lib/problems.ts";
import { nodeQuery, setNodeStatus, showNode } from "../../queries/plans.ts";
import { editsIn } from "./use-undo.ts";

type ButtonProps = ComponentProps<"button"> & { node: NodeSummary; status: NodeStatus };

export const NodeStatusButton = ({ node, status, onClick, ...rest }: ButtonProps) => (
	<UnstyledButton
		{...rest}
		className="status-button"
		aria-label={`Status of ${node.title}: ${nodeStatusLooks[status].label}. Change`}
		onClick={(event) => {
			event.stopPropagation();
			onClick?.(event);
		}}
	>
		<StatusBadge look={nodeStatusLooks[status]} />
	</UnstyledButton>
);

type Props = { node: NodeSummary; tabIndex?: number; defaultOpened?: boolean; onError: (error: Error | null) => void };

export const NodeStatusMenu = ({ node, tabIndex = 0, defaultOpened = false, onError }: Props) => {
	const client = useQueryClient();
	const change = useMutation({
		mutationKey: editsIn(node.plan_id),
		mutationFn: async (status: NodeStatus) => {
			try {
				return await setNodeStatus(node, status);
			} catch (error) {
				if (!isProblem(error, "precondition_failed")) throw error;
				// The clash was about another field as long as the status is still the one that was seen here.
				const fresh = await client.fetchQuery({ ...nodeQuery(node.project_id, node.id), staleTime: 0 });
				showNode(client, fresh);
				if (fresh.status !== node.status) throw error;
				return setNodeStatus(fresh, status);
			}
		},
		onMutate: () => onError(null),
		onSuccess: (saved) => showNode(client, saved),
		onError,
	});
	const shown = change.isPending ? change.variables : node.status;

	return (
		<Menu position="bottom-end" width={180} defaultOpened={defaultOpened}>
			<Menu.Target>
				<NodeStatusButton node={node} status={shown} tabIndex={tabIndex} />
			</Menu.Target>
			<Menu.Dropdown onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
				<StatusItems looks={nodeStatusLooks} chosen={shown} onChoose={change.mutate} />
			</Menu.Dropdown>
		</Menu>
	);
};
