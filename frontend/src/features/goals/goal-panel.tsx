import type { Goal } from "@agentplanner/contracts";
import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconPencil, IconPlus, IconTrash, IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { UntrustedMarkdown } from "../../components/markdown.tsx";
import { ErrorNotice } from "../../components/notice.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { loadDraft } from "../../lib/drafts.ts";
import { deleteGoal, refreshGoals } from "../../queries/goals.ts";
import { membersQuery } from "../../queries/members.ts";
import { EditGoal } from "./edit-goal.tsx";
import { formatGoalDay } from "./format-goal-day.ts";
import { GoalCriteria } from "./goal-criteria.tsx";
import { GoalEdit, goalEditKey } from "./goal-draft.ts";
import { GoalLinks } from "./goal-links.tsx";
import { goalStatusLooks } from "./goal-looks.ts";
import { GoalProgress } from "./goal-progress.tsx";
import { GoalStatusMenu } from "./goal-status-menu.tsx";
import "./goal-panel.css";

type Props = {
	goal: Goal;
	goals: Goal[];
	mayWrite: boolean;
	onClose: () => void;
	onDeleted: (goal: Goal) => void;
	onCreateBelow: () => void;
};

/** Everything about one goal. Mount it with the goal's id as key. */
export const GoalPanel = ({ goal, goals, mayWrite, onClose, onDeleted, onCreateBelow }: Props) => {
	const client = useQueryClient();
	// An edit that was left by closing the panel goes on.
	const [editing, setEditing] = useState(() => mayWrite && loadDraft(goalEditKey(goal.id), GoalEdit) !== null);
	const editButton = useRef<HTMLButtonElement>(null);
	const [statusError, setStatusError] = useState<Error | null>(null);
	const members = useQuery(membersQuery(goal.project_id)).data?.items;
	const remove = useMutation({
		mutationFn: () => deleteGoal(goal),
		onSuccess: async () => {
			onDeleted(goal);
			await refreshGoals(client, goal.project_id);
		},
	});
	const parent = goals.find(({ id }) => id === goal.parent_id);
	const owner = members?.find(({ user_id }) => user_id === goal.owner_user_id);
	return (
		<>
			<div className="panel-bar">
				<span className="truncate tiny dim">
					{parent === undefined ? (
						"Goal"
					) : (
						<>
							Part of{" "}
							<Link
								to="/projects/$projectId/goals"
								params={{ projectId: goal.project_id }}
								search={{ goal: parent.id }}
								className="text-link"
							>
								{parent.title}
							</Link>
						</>
					)}
				</span>
				<div className="goal-panel-actions">
					{mayWrite && !editing && (
						<>
							<Tooltip label="Edit">
								<ActionIcon ref={editButton} variant="subtle" color="gray" aria-label="Edit the goal" onClick={() => setEditing(true)}>
									<IconPencil size={16} />
								</ActionIcon>
							</Tooltip>
							<Tooltip label="Delete">
								<ActionIcon
									variant="subtle"
									color="gray"
									aria-label="Delete the goal"
									// Disabled it would lose the focus, and Escape its way to the panel.
									onClick={() => !remove.isPending && remove.mutate()}
								>
									<IconTrash size={16} />
								</ActionIcon>
							</Tooltip>
						</>
					)}
					<Tooltip label="Close (Esc)">
						<ActionIcon variant="subtle" color="gray" aria-label="Close the panel" onClick={onClose}>
							<IconX size={16} />
						</ActionIcon>
					</Tooltip>
				</div>
			</div>
			<div className="panel-body">
				{remove.error !== null && <ErrorNotice error={remove.error} />}
				{editing ? (
					<EditGoal
						goal={goal}
						goals={goals}
						onDone={() => {
							flushSync(() => setEditing(false));
							editButton.current?.focus();
						}}
					/>
				) : (
					<>
						<h2 className="goal-title">{goal.title}</h2>
						<dl className="properties">
							<div>
								<dt>Status</dt>
								<dd>
									{mayWrite ? <GoalStatusMenu goal={goal} onError={setStatusError} /> : <StatusBadge look={goalStatusLooks[goal.status]} />}
								</dd>
							</div>
							<div>
								<dt>Progress</dt>
								<dd>
									<GoalProgress percent={goal.percent} label="Progress" />
								</dd>
							</div>
							<div>
								<dt>Owner</dt>
								<dd className="small">
									{goal.owner_user_id === null ? "Nobody" : (owner?.name ?? (members === undefined ? "…" : "A former member"))}
								</dd>
							</div>
							<div>
								<dt>Target date</dt>
								<dd className="small">{goal.target_date === null ? "None" : formatGoalDay(goal.target_date)}</dd>
							</div>
						</dl>
						{statusError !== null && <ErrorNotice error={statusError} />}
						{goal.description !== "" && (
							<div className="small">
								<UntrustedMarkdown text={goal.description} />
							</div>
						)}
						<GoalCriteria criteria={goal.criteria} />
						<GoalLinks goal={goal} mayWrite={mayWrite} />
						<GoalsBelow goal={goal} goals={goals} mayWrite={mayWrite} onCreate={onCreateBelow} />
					</>
				)}
			</div>
		</>
	);
};

const GoalsBelow = ({ goal, goals, mayWrite, onCreate }: { goal: Goal; goals: Goal[]; mayWrite: boolean; onCreate: () => void }) => {
	const below = goals.filter(({ parent_id }) => parent_id === goal.id).toReversed();
	return (
		<section aria-labelledby="goals-below-heading">
			<div className="goal-section-bar">
				<h2 className="section-title" id="goals-below-heading">
					Goals below it
				</h2>
				{mayWrite && (
					<Button variant="default" size="compact-xs" leftSection={<IconPlus size={13} />} onClick={onCreate}>
						Add a goal below
					</Button>
				)}
			</div>
			{below.length === 0 ? (
				<p className="small dim goal-none">None.</p>
			) : (
				<ul className="goal-lines">
					{below.map((child) => (
						<li key={child.id}>
							<span className="goal-line-text">
								<Link to="/projects/$projectId/goals" params={{ projectId: goal.project_id }} search={{ goal: child.id }} className="wrap">
									{child.title}
								</Link>
							</span>
							<StatusBadge look={goalStatusLooks[child.status]} />
							<GoalProgress percent={child.percent} label={child.title} />
						</li>
					))}
				</ul>
			)}
		</section>
	);
};
