import type { GoalCriterion } from "@agentplanner/contracts";
import { GoalProgress } from "./goal-progress.tsx";

const withUnit = (value: number, unit: string): string => (unit === "" || unit === "%" ? `${value}${unit}` : `${value} ${unit}`);

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
				{criteria.map(({ title, unit, start, current, target, percent }, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: two may be the same, and they have no other name
					<li key={index}>
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
