import { CommentList } from "./comment-list.tsx";
import { TimelineList } from "./timeline-list.tsx";
import "./activity.css";

/** What happened in a plan, and what is said about it as a whole. */
export const PlanActivity = ({ projectId, planId }: { projectId: string; planId: string }) => (
	<div className="plan-activity">
		<section aria-labelledby="plan-timeline-heading">
			<h2 className="section-heading activity-heading" id="plan-timeline-heading">
				Timeline
			</h2>
			<TimelineList place={{ projectId, planId }} />
		</section>
		<section aria-labelledby="plan-comments-heading">
			<h2 className="section-heading activity-heading" id="plan-comments-heading">
				Comments on the plan
			</h2>
			<CommentList place={{ projectId, planId, nodeId: null }} />
		</section>
	</div>
);
