import { type RequestStatus, requestStatuses } from "@agentplanner/contracts";
import { Button, Select } from "@mantine/core";
import { IconMessageQuestion } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ErrorNotice } from "../../components/notice.tsx";
import { EmptyState, LoadError, LoadingRows } from "../../components/states.tsx";
import { requestStatusLooks } from "../../components/status.tsx";
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
				<Select
					ml="auto"
					w={190}
					size="xs"
					aria-label="Filter by status"
					placeholder="All states"
					clearable
					clearButtonProps={{ "aria-label": "Show all states" }}
					value={status ?? null}
					onChange={(value) => onStatus((value as RequestStatus | null) ?? undefined)}
					data={requestStatuses.map((value) => ({ value, label: requestStatusLooks[value].label }))}
				/>
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
				{requests.isFetchNextPageError && <ErrorNotice error={requests.error} />}
				{requests.hasNextPage && (
					<Button variant="default" mt="sm" loading={requests.isFetchingNextPage} onClick={() => void requests.fetchNextPage()}>
						Show older requests
					</Button>
				)}
			</div>
		</>
	);
};
