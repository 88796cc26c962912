import type { Progress } from "@agentplanner/contracts";
import "./progress-bar.css";

/** How far something is, as a bar and in numbers; nothing where nothing counts. */
export const ProgressBar = ({ progress: { completed, total } }: { progress: Progress }) => {
	if (total === 0) return null;
	const said = `${completed} of ${total} completed`;
	return (
		<span className="progress-bar" title={said}>
			<progress value={completed} max={total} aria-hidden />
			<span className="tiny dim num" aria-hidden>
				{completed}/{total}
			</span>
			<span className="visually-hidden">{said}</span>
		</span>
	);
};
