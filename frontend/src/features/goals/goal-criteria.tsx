import type { GoalCriterion } from "@agentplanner/contracts";
import { withKeys } from "../../lib/with-keys.ts";
import { GoalProgress } from "./goal-progress.tsx";

const withUnit = (value: number, unit: string): string => (unit === "" || unit === "%" ? `${value}${unit}` : `${value} ${unit}`);

const criterionWords = ({ title, unit }: GoalCriterion): string => `${title} ${unit}`;

/** Where each criterion stands, and where it shall be. */
export const GoalCriteria = ({ criteria }: { criteria: GoalCriterion[] }) => (
	<section aria-labelledby="goal-criteria-heading">
		<h2 className="section-title" id="goal-criteria-heading">
			Success criteria
		</h2>
		{criteria.length === 0 ? (
			<p className="small dim goal-none">None yet. Say by which numbers one sees that it is met.</p>
		) : (
			<ul className="goal-lines">
				{withKeys(criteria, criterionWords).map(({ key, item: { title, unit, start, current, target, percent } }) => (
					<li key={key}>
						<span className="goal-line-text">
							<span className="wrap">{title}</span>
							<span className="tiny dim num">
								Now {withUnit(current, unit)}, target {withUnit(target, unit)}, began at {withUnit(start, unit)}
							</span>
						</span>
						<GoalProgress percent={percent} label={title} />
					</li>
				))}
			</ul>
		)}
	</section>
);
