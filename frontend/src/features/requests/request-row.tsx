import type { AgentRequest } from "@agentplanner/contracts";
import { isOpenRequest } from "@agentplanner/contracts";
import { Elapsed, Moment } from "../../components/moment.tsx";
import { requestStatusLooks, StatusBadge } from "../../components/status.tsx";
import "./request-row.css";

/** One request in a list; the caller makes it a link. */
export const RequestRow = ({ request }: { request: AgentRequest }) => (
	<span className="request-row">
		<span className="request-row-status">
			<StatusBadge look={requestStatusLooks[request.status]} />
		</span>
		<span className="request-row-text">
			<span className="truncate">{request.question}</span>
			{request.status === "input_required" && request.input_question !== null && (
				<span className="truncate tiny dim">Asks: {request.input_question}</span>
			)}
			{isOpenRequest(request.status) && request.status !== "input_required" && request.progress !== null && (
				<span className="truncate tiny dim">{request.progress}</span>
			)}
			{request.reason !== null && <span className="truncate tiny dim">{request.reason.message}</span>}
		</span>
		<span className="request-row-time tiny dim">
			{isOpenRequest(request.status) ? (
				<Elapsed from={request.created_at} to={null} />
			) : (
				<Moment at={request.closed_at ?? request.updated_at} />
			)}
		</span>
	</span>
);
