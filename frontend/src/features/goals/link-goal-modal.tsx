import type { CreateGoalLinkInput, Goal } from "@agentplanner/contracts";
import { Modal, Stack } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { NodePicker } from "../../components/node-picker.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { linkGoal, refreshGoals } from "../../queries/goals.ts";
import { plansQuery } from "../../queries/plans.ts";

/** Choose a plan, or a node of one, that leads to the goal. */
export const LinkGoalModal = ({ goal, onClose }: { goal: Goal; onClose: () => void }) => {
	const client = useQueryClient();
	const phone = useMediaQuery("(max-width: 48em)");
	const plans = useQuery(plansQuery(goal.project_id));
	const [chosen, setChosen] = useState<string | null>(null);
	const planId = chosen ?? plans.data?.items.find(({ status }) => status !== "archived")?.id ?? null;
	const link = useMutation({
		mutationFn: (target: CreateGoalLinkInput) => linkGoal(goal, target),
		onSuccess: async () => {
			await refreshGoals(client, goal.project_id);
			onClose();
		},
	});
	const isLinked = (nodeId: string | null) => goal.links.some((other) => other.plan_id === planId && other.node_id === nodeId);
	return (
		<Modal
			opened
			onClose={onClose}
			size={520}
			fullScreen={phone}
			title={<span className="wrap">What leads to “{goal.title}”?</span>}
			closeButtonProps={{ "aria-label": "Close" }}
		>
			<Stack gap="sm">
				{link.error !== null && <ErrorNotice error={link.error} />}
				{planId === null ? (
					<p className="small dim">{plans.isPending ? "Reading the plans…" : "There is no plan yet that could be linked."}</p>
				) : (
					<NodePicker
						projectId={goal.project_id}
						planId={planId}
						onPlan={setChosen}
						wholePlan
						isLinked={isLinked}
						busy={link.isPending}
						onChoose={(nodeId) => link.mutate({ plan_id: planId, node_id: nodeId })}
					/>
				)}
			</Stack>
		</Modal>
	);
};
