import "./goal-progress.css";

/** How far something is, as a bar and a number; nothing where it can't be counted. */
export const GoalProgress = ({ percent, label }: { percent: number | null; label: string }) =>
	percent === null ? (
		<span className="goal-progress tiny dim" title="Without criteria, links or goals below it, nothing can be counted">
			–
		</span>
	) : (
		<span className="goal-progress" data-done={percent === 100}>
			<progress value={percent} max={100} aria-label={`${label}: ${percent} percent`} />
			<span className="tiny dim num" aria-hidden>
				{percent}%
			</span>
		</span>
	);
