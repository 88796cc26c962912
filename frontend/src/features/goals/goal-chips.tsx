import { IconTarget } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { planGoalsQuery } from "../../queries/goals.ts";
import { useMay } from "../../queries/rights.ts";
import { goalStatusLooks } from "./goal-looks.ts";
import "./goal-chips.css";

/** The goals that a plan, or a node of it, leads to; nothing where there are none. */
export const GoalChips = ({ projectId, planId, nodeId = null }: { projectId: string; planId: string; nodeId?: string | null }) => {
	const mayRead = useMay(projectId)("goals:read");
	const goals = useQuery({ ...planGoalsQuery(projectId, planId), enabled: mayRead }).data?.items ?? [];
	const linked = goals.filter(({ links }) => links.some((link) => link.plan_id === planId && link.node_id === nodeId));
	if (linked.length === 0) return null;
	return (
		<nav
			className="goal-chips"
			aria-label={nodeId === null ? "Goals of this plan" : "Goals of this node"}
			data-of={nodeId === null ? "plan" : "node"}
		>
			{linked.toReversed().map(({ id, title, percent, status }) => (
				<Link
					key={id}
					to="/projects/$projectId/goals"
					params={{ projectId }}
					search={{ goal: id }}
					className="goal-chip"
					title={`${title} (${goalStatusLooks[status].label})`}
				>
					<IconTarget size={14} aria-hidden />
					<span className="truncate">{title}</span>
					{percent !== null && <span className="dim num">{percent}%</span>}
				</Link>
			))}
		</nav>
	);
};
