import { maxNodesAtOnce, type NodeStatus } from "@agentplanner/contracts";
import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconCircleHalf2, IconFolderSymlink, IconTrash, IconX } from "@tabler/icons-react";
import { nodeStatusLooks } from "../../components/status.tsx";
import { StatusItems } from "../../components/status-items.tsx";

type Props = {
	count: number;
	onStatus: (status: NodeStatus) => void;
	onMove: () => void;
	onDelete: () => void;
	onClear: () => void;
};

/** What can be done with the chosen nodes. */
export const ChoiceBar = ({ count, onStatus, onMove, onDelete, onClear }: Props) => {
	const tooMany = count > maxNodesAtOnce;
	return (
		<div className="choice-bar" role="toolbar" aria-label="The selected nodes">
			<span className="choice-count num">{tooMany ? `${count} selected, at most ${maxNodesAtOnce} at once` : `${count} selected`}</span>
			<Menu position="top-start" width={180}>
				<Menu.Target>
					<Button variant="subtle" color="gray" disabled={tooMany} leftSection={<IconCircleHalf2 size={15} />}>
						Status
					</Button>
				</Menu.Target>
				<Menu.Dropdown>
					<StatusItems looks={nodeStatusLooks} onChoose={onStatus} />
				</Menu.Dropdown>
			</Menu>
			<Button variant="subtle" color="gray" disabled={tooMany} leftSection={<IconFolderSymlink size={15} />} onClick={onMove}>
				Move to…
			</Button>
			<Button variant="subtle" color="red" disabled={tooMany} leftSection={<IconTrash size={15} />} onClick={onDelete}>
				Delete
			</Button>
			<ActionIcon variant="subtle" color="gray" aria-label="Clear the selection" title="Clear the selection (Esc)" onClick={onClear}>
				<IconX size={16} />
			</ActionIcon>
		</div>
	);
};
