import { type NodeStatus, type NodeSummary, nodeStatuses } from "@agentplanner/contracts";
import { Menu, UnstyledButton } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ComponentProps } from "react";
import { nodeStatusLooks, StatusBadge, StatusIcon } from "../../components/status.tsx";
import { isProblem } from "../../lib/problems.ts";
import { nodeQuery, setNodeStatus, showNode } from "../../queries/plans.ts";

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
				{nodeStatuses.map((status) => (
					<Menu.Item
						key={status}
						leftSection={
							<span className={`tone-icon tone-${nodeStatusLooks[status].tone}`}>
								<StatusIcon look={nodeStatusLooks[status]} />
							</span>
						}
						rightSection={status === shown ? <IconCheck size={14} aria-label="chosen" /> : null}
						onClick={() => change.mutate(status)}
					>
						{nodeStatusLooks[status].label}
					</Menu.Item>
				))}
			</Menu.Dropdown>
		</Menu>
	);
};
