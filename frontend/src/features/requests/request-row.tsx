import { isOpenRequest, type RequestOverview } from "@agentplanner/contracts";
import { useQuery } from "@tanstack/react-query";
import { Moment } from "../../components/moment.tsx";
import { StatusBadge } from "../../components/status.tsx";
import { undecidedRequestsQuery } from "../../queries/decisions.ts";
import { firstLine, requestLook } from "./request-look.ts";
import "./request-row.css";

type Props = {
	request: RequestOverview;
	/** Outside of the task's own list. */
	withTask?: boolean;
};

/** One request in a list; the caller makes it a link. */
export const RequestRow = ({ request, withTask = false }: Props) => {
	const undecided = useQuery(undecidedRequestsQuery(request.project_id)).data?.has(request.id) ?? false;
	const question = firstLine(request.question);
	const news = newsOf(request);
	return (
		<span className="request-row">
			<span className="request-row-status">
				<StatusBadge look={requestLook(request, { undecided })} />
			</span>
			<span className="request-row-text">
				<span className="request-row-title">
					<span className="truncate">{withTask ? request.node.title : question}</span>
					{request.asked.length > 0 && <span className="tiny dim truncate request-row-asked">{request.asked.join(", ")}</span>}
				</span>
				{withTask && <span className="truncate tiny dim">{question}</span>}
				{news !== null && <span className="truncate tiny request-row-news">{news}</span>}
			</span>
			<span className="request-row-time tiny dim">
				<Moment at={request.closed_at ?? request.created_at} />
			</span>
		</span>
	);
};

/** What is new about it beside its state. */
const newsOf = ({ status, input_question, progress, reason }: RequestOverview): string | null => {
	if (status === "input_required" && input_question !== null) return `Asks: ${unmarked(input_question)}`;
	if (isOpenRequest(status) && progress !== null) return unmarked(progress);
	return reason?.message ?? null;
};

/** An agent's first line without markdown's emphasis, which a list doesn't render. */
const unmarked = (text: string): string => firstLine(text).replace(/[*`#]+/g, "");
