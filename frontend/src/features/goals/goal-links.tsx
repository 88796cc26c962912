import type { Goal, GoalLink } from "@agentplanner/contracts";
import { ActionIcon, Button } from "@mantine/core";
import { IconLink, IconListTree, IconX } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ErrorNotice } from "../../components/notice.tsx";
import { refreshGoals, unlinkGoal } from "../../queries/goals.ts";
import { GoalProgress } from "./goal-progress.tsx";
import { LinkGoalModal } from "./link-goal-modal.tsx";

/** The plans and nodes that lead to a goal. */
export const GoalLinks = ({ goal, mayWrite }: { goal: Goal; mayWrite: boolean }) => {
	const [linking, setLinking] = useState(false);
	return (
		<section aria-labelledby="goal-links-heading">
			<div className="goal-section-bar">
				<h2 className="section-title" id="goal-links-heading">
					What leads to it
				</h2>
				{mayWrite && (
					<Button variant="default" size="compact-xs" leftSection={<IconLink size={13} />} onClick={() => setLinking(true)}>
						Link a plan or task
					</Button>
				)}
			</div>
			{goal.links.length === 0 ? (
				<p className="small dim goal-none">No plan is linked. Linked plans and tasks count as parts of its progress.</p>
			) : (
				<ul className="goal-lines">
					{goal.links.map((link) => (
						<LinkLine key={link.id} goal={goal} link={link} mayWrite={mayWrite} />
					))}
				</ul>
			)}
			{linking && <LinkGoalModal goal={goal} onClose={() => setLinking(false)} />}
		</section>
	);
};

const LinkLine = ({ goal, link, mayWrite }: { goal: Goal; link: GoalLink; mayWrite: boolean }) => {
	const client = useQueryClient();
	const unlink = useMutation({
		mutationFn: () => unlinkGoal(goal, link.id),
		onSettled: () => refreshGoals(client, goal.project_id),
	});
	const title = link.node_title ?? link.plan_title;
	return (
		<li>
			<IconListTree size={15} aria-hidden className="dim" />
			<span className="goal-line-text">
				<Link
					to="/projects/$projectId/plans/$planId"
					params={{ projectId: goal.project_id, planId: link.plan_id }}
					search={link.node_id === null ? {} : { node: link.node_id }}
					className="wrap"
				>
					{title}
				</Link>
				{link.node_title !== null && <span className="tiny dim wrap">{link.plan_title}</span>}
				{unlink.error !== null && <ErrorNotice error={unlink.error} />}
			</span>
			<GoalProgress percent={link.percent} label={title} />
			{mayWrite && (
				<ActionIcon
					variant="subtle"
					color="gray"
					size="sm"
					aria-label={`Unlink ${title}`}
					title="Unlink"
					loading={unlink.isPending}
					onClick={() => unlink.mutate()}
				>
					<IconX size={14} />
				</ActionIcon>
			)}
		</li>
	);
};
