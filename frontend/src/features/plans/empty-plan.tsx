import { Button } from "@mantine/core";
import { IconListTree, IconPlus } from "@tabler/icons-react";
import { EmptyState } from "../../components/states.tsx";

export const EmptyPlan = ({ mayWrite, onAdd }: { mayWrite: boolean; onAdd: () => void }) => (
	<EmptyState
		icon={IconListTree}
		title="This plan is empty"
		action={
			mayWrite && (
				<Button leftSection={<IconPlus size={14} />} onClick={onAdd}>
					Add a phase
				</Button>
			)
		}
	>
		{mayWrite ? "Start with its phases, then add the tasks below them." : "Whoever may edit it can add its phases and tasks."}
	</EmptyState>
);
