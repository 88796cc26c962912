import type { PlanOverview } from "@agentplanner/contracts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Moment } from "../../components/moment.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { planStatusLooks, StatusBadge, StatusIcon, visibilityLooks } from "../../components/status.tsx";
import { usePeople } from "../../queries/people.ts";
import { sessionQuery } from "../../queries/session.ts";

/** One plan in the list; `children` is its menu. */
export const PlanRow = ({ plan, children }: { plan: PlanOverview; children: ReactNode }) => {
	const visibility = visibilityLooks[plan.visibility];
	return (
		<li className="plan-row" data-id={plan.id}>
			<div className="row-text">
				<Link to="/projects/$projectId/plans/$planId" params={{ projectId: plan.project_id, planId: plan.id }} className="plan-row-title">
					{plan.title}
				</Link>
				<div className="tiny dim plan-row-facts">
					<span className="plan-row-visibility">
						<StatusIcon look={visibility} size={13} />
						{visibility.label}
					</span>
					<Owner plan={plan} />
					<span>
						Updated <Moment at={plan.last_activity_at} />
					</span>
				</div>
			</div>
			<div className="plan-row-state">
				<ProgressBar progress={plan.progress} />
				<StatusBadge look={planStatusLooks[plan.status]} />
			</div>
			<div className="plan-row-menu">{children}</div>
		</li>
	);
};

const Owner = ({ plan }: { plan: PlanOverview }) => {
	const people = usePeople(plan.project_id);
	const me = useQuery(sessionQuery()).data?.user.id;
	const name = plan.owner_user_id === me ? "You" : people.find(({ id }) => id === plan.owner_user_id)?.name;
	return name === undefined ? null : <span className="wrap">{name}</span>;
};
