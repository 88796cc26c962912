import { Button, Group } from "@mantine/core";
import { IconListTree, IconPlus } from "@tabler/icons-react";
import { useMay } from "../queries/rights.ts";
import { ImportLink } from "./import-link.tsx";
import { EmptyState } from "./states.tsx";

/** A project without plans: what one is, and how to get the first, for whoever may make it. */
export const NoPlans = ({ projectId, onCreate }: { projectId: string; onCreate: () => void }) => (
	<EmptyState
		icon={IconListTree}
		title="No plans yet"
		action={
			useMay(projectId)("plans:write") && (
				<Group justify="center" gap="xs">
					<ImportLink projectId={projectId} />
					<Button leftSection={<IconPlus size={14} />} onClick={onCreate}>
						New plan
					</Button>
				</Group>
			)
		}
	>
		A plan is a tree of phases, tasks and milestones. Press Ask Agent on any of them to get an answer back.
	</EmptyState>
);
