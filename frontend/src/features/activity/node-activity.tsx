import type { PlanNode } from "@agentplanner/contracts";
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { CommentList } from "./comment-list.tsx";
import { LogList } from "./log-list.tsx";
import { TimelineList } from "./timeline-list.tsx";
import "./activity.css";

const views = [
	{ value: "comments", label: "Comments" },
	{ value: "log", label: "Log" },
	{ value: "timeline", label: "Timeline" },
] as const;
type View = (typeof views)[number]["value"];

/** What is said about a node, what was noted at work on it, and what happened to it. */
export const NodeActivity = ({ node }: { node: PlanNode }) => {
	const [view, setView] = useState<View>("comments");
	const { project_id: projectId, plan_id: planId, id: nodeId } = node;
	return (
		<section aria-labelledby="node-activity-heading">
			<div className="activity-bar">
				<h2 className="section-title" id="node-activity-heading">
					Activity
				</h2>
				<SegmentedControl
					size="xs"
					aria-label="What to show"
					data={views.map(({ value, label }) => ({ value, label }))}
					value={view}
					onChange={(value) => setView(value as View)}
				/>
			</div>
			{view === "comments" && <CommentList place={{ projectId, planId, nodeId }} />}
			{view === "log" && <LogList projectId={projectId} planId={planId} nodeId={nodeId} />}
			{view === "timeline" && <TimelineList place={{ projectId, nodeId }} />}
		</section>
	);
};
