import type { Plan, Progress } from "@agentplanner/contracts";
import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconRoute } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { LeaveQuestion } from "../../components/leave-question.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { planStatusLooks, StatusBadge } from "../../components/status.tsx";
import { describeError } from "../../lib/problems.ts";
import { showPlan, updatePlan } from "../../queries/plans.ts";
import { useMayInPlan } from "../../queries/rights.ts";
import "./plan-header.css";

type Props = {
	plan: Plan;
	progress: Progress;
	/** What can be done with the plan as a whole. */
	actions: ReactNode;
	/** The plan's routes; they tell whether they have changes that are not saved. */
	renderRoutes: (onUnsaved: (unsaved: boolean) => void) => ReactNode;
};

export const PlanHeader = ({ plan, progress, actions, renderRoutes }: Props) => {
	const may = useMayInPlan(plan.project_id, plan.id);
	const [routesOpen, routesModal] = useDisclosure(false);
	const [unsaved, setUnsaved] = useState(false);
	const [asking, question] = useDisclosure(false);
	return (
		<header className="page-bar">
			<title>{`${plan.title} · AgentPlanner`}</title>
			<PlanTitle plan={plan} />
			{plan.status !== "active" && <StatusBadge look={planStatusLooks[plan.status]} />}
			<ProgressBar progress={progress} />
			<div className="plan-actions">
				{may("routes:read") && (
					<Button variant="default" leftSection={<IconRoute size={14} />} onClick={routesModal.open}>
						Routes
					</Button>
				)}
				{actions}
			</div>
			<Modal
				opened={routesOpen}
				onClose={unsaved ? question.open : routesModal.close}
				closeOnEscape={!asking}
				title="Routes of this plan"
				size="lg"
				closeButtonProps={{ "aria-label": "Close" }}
			>
				{renderRoutes(setUnsaved)}
			</Modal>
			<LeaveQuestion opened={asking} onStay={question.close} onLeave={routesModal.close} />
		</header>
	);
};

const PlanTitle = ({ plan }: { plan: Plan }) => {
	const client = useQueryClient();
	const mayWrite = useMayInPlan(plan.project_id, plan.id)("plans:write");
	const [draft, setDraft] = useState<{ version: number; title: string } | null>(null);
	const save = useMutation({
		mutationFn: (edit: { version: number; title: string }) => updatePlan(plan.project_id, plan.id, edit.version, { title: edit.title }),
		onSuccess: (saved) => {
			void showPlan(client, saved);
			setDraft(null);
		},
	});
	const giveUp = () => {
		save.reset();
		setDraft(null);
	};
	const commit = () => {
		if (draft === null || save.isPending) return;
		if (draft.title.trim() === "" || draft.title === plan.title) giveUp();
		else save.mutate(draft);
	};
	return (
		<h1 className="page-title plan-title">
			<input
				aria-label="Plan title"
				readOnly={!mayWrite}
				size={Math.max(8, (draft?.title ?? plan.title).length)}
				value={draft?.title ?? plan.title}
				onChange={(event) => setDraft({ version: draft?.version ?? plan.version, title: event.currentTarget.value })}
				onBlur={commit}
				onKeyDown={(event) => {
					if (event.key === "Enter") commit();
					if (event.key === "Escape") giveUp();
				}}
			/>
			{save.error !== null && (
				<span className="tiny plan-title-problem" role="alert">
					Not saved: {describeError(save.error).detail} Escape takes the saved title back.
				</span>
			)}
		</h1>
	);
};
