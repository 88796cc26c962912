import { type Plan, roleMay } from "@agentplanner/contracts";
import { ActionIcon, Menu } from "@mantine/core";
import { IconCopy, IconDots, IconShare, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { planStatusLooks } from "../../components/status.tsx";
import { StatusItems } from "../../components/status-items.tsx";
import { FloatingToast } from "../../components/toast.tsx";
import { describeError } from "../../lib/problems.ts";
import { deletePlan, plansKey, refreshPlan, showPlan, updatePlan } from "../../queries/plans.ts";
import { useMay } from "../../queries/rights.ts";
import { DuplicatePlanModal } from "./duplicate-plan-modal.tsx";

export type PlanMenuProps = {
	plan: Plan;
	onShare: () => void;
	onDuplicated: (copy: Plan) => void;
	onDeleted: () => void;
};

/** What can be done with a plan as a whole; nothing where that is nothing. */
export const PlanMenu = ({ plan, onShare, onDuplicated, onDeleted }: PlanMenuProps) => {
	const client = useQueryClient();
	const mayMakePlans = useMay(plan.project_id)("plans:write");
	const [duplicating, setDuplicating] = useState(false);
	// Somebody may have been faster.
	const onError = () => refreshPlan(client, plan);
	const setStatus = useMutation({
		mutationFn: (status: Plan["status"]) => updatePlan(plan.project_id, plan.id, plan.version, { status }),
		onSuccess: (saved) => showPlan(client, saved),
		onError,
	});
	const remove = useMutation({
		mutationFn: () => deletePlan(plan),
		onSuccess: () => {
			onDeleted();
			return client.invalidateQueries({ queryKey: plansKey(plan.project_id) });
		},
		onError,
	});
	const refused = [setStatus, remove].find(({ error }) => error !== null);
	const mayWrite = roleMay(plan.role, "plans:write");
	const mayManage = roleMay(plan.role, "plans:manage");
	if (!mayWrite) return null;
	return (
		<>
			<Menu position="bottom-end" width={210}>
				<Menu.Target>
					<ActionIcon variant="subtle" color="gray" aria-label={`More for ${plan.title}`} loading={setStatus.isPending || remove.isPending}>
						<IconDots size={16} />
					</ActionIcon>
				</Menu.Target>
				<Menu.Dropdown>
					{mayManage && (
						<Menu.Item leftSection={<IconShare size={15} />} onClick={onShare}>
							Share…
						</Menu.Item>
					)}
					{mayMakePlans && (
						<Menu.Item leftSection={<IconCopy size={15} />} onClick={() => setDuplicating(true)}>
							Duplicate…
						</Menu.Item>
					)}
					{(mayManage || mayMakePlans) && <Menu.Divider />}
					<Menu.Label>Status</Menu.Label>
					<StatusItems
						looks={planStatusLooks}
						chosen={plan.status}
						onChoose={(status) => status !== plan.status && setStatus.mutate(status)}
					/>
					{mayManage && (
						<>
							<Menu.Divider />
							<Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => remove.mutate()}>
								Delete
							</Menu.Item>
						</>
					)}
				</Menu.Dropdown>
			</Menu>
			<DuplicatePlanModal plan={plan} opened={duplicating} onClose={() => setDuplicating(false)} onDuplicated={onDuplicated} />
			{refused !== undefined && (
				<FloatingToast label="Refused" refused onClose={() => refused.reset()}>
					{describeError(refused.error).detail}
				</FloatingToast>
			)}
		</>
	);
};
