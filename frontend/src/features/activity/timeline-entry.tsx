import type { TimelineItem } from "@agentplanner/contracts";
import { Link } from "@tanstack/react-router";
import { Moment } from "../../components/moment.tsx";
import type { TimelinePlace } from "../../queries/timelines.ts";
import { describeEvent } from "./describe-event.ts";
import { groupLooks } from "./timeline-looks.ts";

type Props = { item: TimelineItem; place: TimelinePlace };

/** One event: who did what, to what, where, and when. */
export const TimelineEntry = ({ item, place }: Props) => {
	const { before, about, after } = describeEvent(
		item,
		place.nodeId !== undefined && item.subject.type === "node" ? "this node" : undefined,
	);
	const Icon = groupLooks[item.group].icon;
	return (
		<li className="timeline-entry">
			<span className="timeline-icon" title={groupLooks[item.group].label}>
				<Icon size={14} aria-hidden />
			</span>
			<div className="timeline-text">
				<div className="wrap">
					<strong>{item.actor.name}</strong> {before}
					{about !== null && <span className="timeline-about">“{about}”</span>}
					{after}
				</div>
				<div className="tiny dim timeline-where">
					<Moment at={item.occurred_at} />
					<Where item={item} place={place} />
				</div>
			</div>
		</li>
	);
};

/** The way to the plan, the node and the request, as far as the reader isn't there already. */
const Where = ({ item: { plan, node, agent_request_id: requestId, subject }, place }: Props) => {
	const { projectId } = place;
	return (
		<>
			{plan !== null && place.planId === undefined && place.nodeId === undefined && (
				<Link to="/projects/$projectId/plans/$planId" params={{ projectId, planId: plan.id }} className="timeline-link truncate">
					{plan.title}
				</Link>
			)}
			{plan !== null && node !== null && place.nodeId === undefined && (
				<Link
					to="/projects/$projectId/plans/$planId"
					params={{ projectId, planId: plan.id }}
					search={{ node: node.id }}
					className="timeline-link truncate"
				>
					{subject.type === "node" ? "Open" : node.title}
				</Link>
			)}
			{requestId !== null && (
				<Link to="/projects/$projectId/requests/$requestId" params={{ projectId, requestId }} className="timeline-link">
					Request
				</Link>
			)}
		</>
	);
};
