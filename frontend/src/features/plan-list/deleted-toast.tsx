import { Button } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FloatingToast } from "../../components/toast.tsx";
import { describeError } from "../../lib/problems.ts";
import { restorePlan, showPlan } from "../../queries/plans.ts";

type Props = { projectId: string; plan: { id: string; title: string }; onClose: () => void; onRestored: (planId: string) => void };

/** Says that a plan was deleted, with the way back. */
export const DeletedToast = ({ projectId, plan, onClose, onRestored }: Props) => {
	const client = useQueryClient();
	const undo = useMutation({
		mutationFn: () => restorePlan({ id: plan.id, project_id: projectId }),
		onSuccess: async (restored) => {
			onClose();
			onRestored(restored.id);
			await showPlan(client, restored);
		},
	});
	if (undo.error !== null)
		return (
			<FloatingToast key="refused" label="Refused" refused onClose={onClose}>
				{describeError(undo.error).detail}
			</FloatingToast>
		);
	return (
		<FloatingToast
			label="Deleted plan"
			busy={undo.isPending}
			onClose={onClose}
			action={
				<Button variant="subtle" loading={undo.isPending} leftSection={<IconArrowBackUp size={15} />} onClick={() => undo.mutate()}>
					Undo
				</Button>
			}
		>
			“{plan.title}” is deleted
		</FloatingToast>
	);
};
