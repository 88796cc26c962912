import type { Goal } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { Notice } from "../components/notice.tsx";
import { LoadError, LoadingRows } from "../components/states.tsx";
import { CreateGoalModal } from "../features/goals/create-goal-modal.tsx";
import { GoalList, goalRowId } from "../features/goals/goal-list.tsx";
import { GoalPanel } from "../features/goals/goal-panel.tsx";
import { goalsQuery } from "../queries/goals.ts";
import { useMay } from "../queries/rights.ts";
import { closesPanel } from "./closes-panel.ts";
import "./plan-page.css";
import "../features/plans/node-panel.css";

const route = getRouteApi("/signed-in/projects/$projectId/goals");

export const GoalsPage = () => {
	const { projectId } = route.useParams();
	const { goal: goalId, create } = route.useSearch();
	const navigate = route.useNavigate();
	const mayWrite = useMay(projectId)("goals:write");
	const goals = useQuery(goalsQuery(projectId));
	const [deleted, setDeleted] = useState<Goal | null>(null);
	const panel = useRef<HTMLElement>(null);
	const goal = goals.data?.find(({ id }) => id === goalId);
	const open = (id: string | undefined) => void navigate({ search: id === undefined ? {} : { goal: id } });
	const openId = goal?.id;
	const lastOpenId = useRef(openId);
	useEffect(() => {
		const closedId = lastOpenId.current;
		lastOpenId.current = openId;
		if (openId !== undefined) panel.current?.focus();
		else if (closedId !== undefined && document.activeElement === document.body) document.getElementById(goalRowId(closedId))?.focus();
	}, [openId]);
	const startCreating = () => void navigate({ search: { create: true } });

	return (
		<div className="page">
			<header className="page-bar">
				<title>{goal === undefined ? "Goals · AgentPlanner" : `${goal.title} · AgentPlanner`}</title>
				<h1 className="page-title">Goals</h1>
				{mayWrite && (
					<Button ml="auto" leftSection={<IconPlus size={14} />} onClick={startCreating}>
						New goal
					</Button>
				)}
			</header>
			<div className="plan-split" data-panel={goal !== undefined}>
				<div className="plan-main page-body">
					{goals.isPending && <LoadingRows />}
					{goals.isError && goals.data === undefined && <LoadError error={goals.error} retry={() => void goals.refetch()} />}
					{goals.data !== undefined && goalId !== undefined && goal === undefined && deleted?.id !== goalId && (
						<div className="column goal-gone">
							<Notice tone="gray" title="This goal is not there any more">
								It was deleted, or belongs to another project.
							</Notice>
						</div>
					)}
					{goals.data !== undefined && (
						<GoalList
							projectId={projectId}
							goals={goals.data}
							openId={goalId}
							mayWrite={mayWrite}
							deleted={deleted}
							onRestored={(restored) => {
								setDeleted(null);
								open(restored.id);
							}}
							onCreate={startCreating}
						/>
					)}
				</div>
				{goal !== undefined && (
					<aside
						ref={panel}
						tabIndex={-1}
						className="plan-panel"
						aria-label={goal.title}
						onKeyDown={(event) => {
							if (event.key === "Escape" && closesPanel(event)) open(undefined);
						}}
					>
						<GoalPanel
							key={goal.id}
							goal={goal}
							goals={goals.data ?? []}
							mayWrite={mayWrite}
							onClose={() => open(undefined)}
							onDeleted={(gone) => {
								setDeleted(gone);
								open(undefined);
							}}
							onCreateBelow={() => void navigate({ search: { goal: goal.id, create: true } })}
						/>
					</aside>
				)}
			</div>
			{create === true && mayWrite && goals.data !== undefined && (
				<CreateGoalModal
					projectId={projectId}
					goals={goals.data}
					parentId={openId ?? null}
					onClose={() => open(openId)}
					onCreated={(created) => open(created.id)}
				/>
			)}
		</div>
	);
};
