import { type RequestStatus, requestStatuses } from "@agentplanner/contracts";
import { IconMessageQuestion } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LoadMore } from "../../components/load-more.tsx";
import { EmptyState, LoadError, LoadingRows } from "../../components/states.tsx";
import { requestStatusLooks } from "../../components/status.tsx";
import { StatusFilter } from "../../components/status-filter.tsx";
import { requestsQuery } from "../../queries/requests.ts";
import { RequestRow } from "./request-row.tsx";

type Props = { projectId: string; status: RequestStatus | undefined; onStatus: (status: RequestStatus | undefined) => void };

export const RequestList = ({ projectId, status, onStatus }: Props) => {
	const requests = useInfiniteQuery(requestsQuery(projectId, status));
	const items = requests.data?.pages.flatMap((page) => page.items) ?? [];
	return (
		<>
			<header className="page-bar">
				<title>Requests · AgentPlanner</title>
				<h1 className="page-title">Requests</h1>
				<StatusFilter looks={requestStatusLooks} statuses={requestStatuses} value={status} onChange={onStatus} width={190} />
			</header>
			<div className="page-body">
				{requests.isPending && <LoadingRows rows={8} />}
				{requests.isError && requests.data === undefined && <LoadError error={requests.error} retry={() => void requests.refetch()} />}
				{requests.data !== undefined && items.length === 0 && (
					<EmptyState
						icon={IconMessageQuestion}
						title={status === undefined ? "No requests yet" : `No request is “${requestStatusLooks[status].label}”`}
					>
						{status === undefined ? "Open a plan, choose a task and press Ask Agent." : "Choose another state to see the rest."}
					</EmptyState>
				)}
				{items.length > 0 && (
					<ul className="request-list card">
						{items.map((request) => (
							<li key={request.id}>
								<Link to="/projects/$projectId/requests/$requestId" params={{ projectId, requestId: request.id }}>
									<RequestRow request={request} withTask />
								</Link>
							</li>
						))}
					</ul>
				)}
				<LoadMore query={requests} label="Show older requests" />
			</div>
		</>
	);
};
