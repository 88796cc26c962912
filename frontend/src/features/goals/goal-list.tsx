import type { Goal } from "@agentplanner/contracts";
import { Button } from "@mantine/core";
import { IconPlus, IconTarget } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ErrorNotice, Notice } from "../../components/notice.tsx";
import { EmptyState } from "../../components/states.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { refreshGoals, restoreGoal } from "../../queries/goals.ts";
import { formatGoalDay } from "./format-goal-day.ts";
import { goalStatusLooks } from "./goal-looks.ts";
import { GoalProgress } from "./goal-progress.tsx";
import { type GoalBranch, goalTree } from "./goal-tree.ts";
import "./goal-list.css";

type Props = {
	projectId: string;
	goals: Goal[];
	openId: string | undefined;
	mayWrite: boolean;
	/** The one deleted last, which can be taken back. */
	deleted: Goal | null;
	onRestored: (goal: Goal) => void;
	onCreate: () => void;
};

export const goalRowId = (goalId: string): string => `goal-${goalId}`;

/** All goals of a project as a tree. */
export const GoalList = ({ projectId, goals, openId, mayWrite, deleted, onRestored, onCreate }: Props) => (
	<div className="column goal-list">
		{deleted !== null && <Deleted goal={deleted} onRestored={onRestored} />}
		{goals.length === 0 ? (
			<EmptyState
				icon={IconTarget}
				title="No goals yet"
				action={
					mayWrite && (
						<Button leftSection={<IconPlus size={14} />} onClick={onCreate}>
							New goal
						</Button>
					)
				}
			>
				A goal says what plans are for, and how you will see that it is met. Its progress comes from its criteria, and from the plans and
				tasks linked to it.
			</EmptyState>
		) : (
			<div className="card goal-branches">
				<ul>
					<Branches projectId={projectId} branches={goalTree(goals)} openId={openId} />
				</ul>
			</div>
		)}
	</div>
);

const Branches = ({ projectId, branches, openId }: { projectId: string; branches: GoalBranch[]; openId: string | undefined }) =>
	branches.map(({ goal, below }) => (
		<li key={goal.id}>
			<GoalRow projectId={projectId} goal={goal} open={goal.id === openId} />
			{below.length > 0 && (
				<ul className="goal-below">
					<Branches projectId={projectId} branches={below} openId={openId} />
				</ul>
			)}
		</li>
	));

const GoalRow = ({ projectId, goal, open }: { projectId: string; goal: Goal; open: boolean }) => {
	const look = goalStatusLooks[goal.status];
	const parts = [
		...(goal.criteria.length === 0
			? []
			: [`${goal.criteria.filter(({ percent }) => percent === 100).length} of ${goal.criteria.length} criteria met`]),
		...(goal.target_date === null ? [] : [`by ${formatGoalDay(goal.target_date)}`]),
	];
	return (
		<Link
			id={goalRowId(goal.id)}
			to="/projects/$projectId/goals"
			params={{ projectId }}
			search={{ goal: goal.id }}
			className="goal-row"
			aria-current={open ? "true" : undefined}
			data-open={open}
			data-over={goal.status === "achieved" || goal.status === "abandoned"}
		>
			<span className={`tone-icon tone-${look.tone}`} title={look.label}>
				<StatusIcon look={look} size={16} />
				<span className="visually-hidden">{look.label}:</span>
			</span>
			<span className="goal-row-text">
				<span className="goal-row-title">{goal.title}</span>
				{parts.length > 0 && <span className="tiny dim">{parts.join(" · ")}</span>}
			</span>
			<GoalProgress percent={goal.percent} label={goal.title} />
		</Link>
	);
};

const Deleted = ({ goal, onRestored }: { goal: Goal; onRestored: (goal: Goal) => void }) => {
	const client = useQueryClient();
	const restore = useMutation({
		mutationFn: () => restoreGoal(goal),
		onSuccess: async (restored) => {
			await refreshGoals(client, goal.project_id);
			onRestored(restored);
		},
	});
	return (
		<div role="status">
			<Notice tone="gray" title={`“${goal.title}” is deleted`}>
				<Button variant="default" size="compact-xs" mt={4} loading={restore.isPending} onClick={() => restore.mutate()}>
					Undo
				</Button>
			</Notice>
			{restore.error !== null && <ErrorNotice error={restore.error} />}
		</div>
	);
};
