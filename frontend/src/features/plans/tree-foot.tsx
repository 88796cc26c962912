import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { TreeLegend } from "./tree-legend.tsx";

type Props = { mayWrite: boolean; onAddPhase: () => void /** What else can be done with the tree. */; tools: ReactNode };

/** Below the tree: what can be done with it, and by which keys. */
export const TreeFoot = ({ mayWrite, onAddPhase, tools }: Props) => (
	<div className="tree-foot">
		{mayWrite && (
			<Button variant="subtle" color="gray" leftSection={<IconPlus size={14} />} onClick={onAddPhase}>
				Add phase
			</Button>
		)}
		{tools}
		<TreeLegend mayWrite={mayWrite} />
	</div>
);
